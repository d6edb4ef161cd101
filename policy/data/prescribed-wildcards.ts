/**
 * Wildcards in actions that AWS itself prescribes: those that its page of a feature has in the policy to
 * attach. Wildcards that a page has together are prescribed only together.
 *
 * Source: the linked pages.
 * Refresh: add the wildcards of a page that prescribes others.
 */
export const prescribedWildcards: readonly {
  readonly actions: readonly string[];
  readonly url: string;
}[] = [
  {
    actions: ["kms:GenerateDataKey*"],
    url: "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",
  },
  {
    actions: ["kms:ReEncrypt*"],
    url: "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",
  },
  {
    actions: ["kafka-cluster:*Topic*"],
    url: "https://docs.aws.amazon.com/msk/latest/developerguide/create-iam-access-control-policies.html",
  },
  {
    actions: ["s3:DeleteObject*", "s3:GetObject*", "s3:PutObject*"],
    url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ExportSnapshot.Setup.html",
  },
  {
    actions: ["s3:GetBucket*", "s3:GetObject*", "s3:List*"],
    url: "https://docs.aws.amazon.com/mwaa/latest/userguide/mwaa-create-role.html",
  },
];
