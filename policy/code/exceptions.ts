import { s3ControlOperations, s3Operations } from "./s3-operations.ts";

/** One action, or alternatives of which one must be allowed. */
export type Alternatives = string | readonly string[];

export type Exceptions = Readonly<
  Record<
    string,
    string | { readonly needs: readonly Alternatives[]; readonly mayUse?: readonly string[] }
  >
>;

const partiQl = {
  needs: [
    [
      "dynamodb:PartiQLSelect",
      "dynamodb:PartiQLInsert",
      "dynamodb:PartiQLUpdate",
      "dynamodb:PartiQLDelete",
    ],
  ],
};

/** What IAM names otherwise than the operation, by client; an operation may need nothing. */
export const exceptions: Readonly<Record<string, Exceptions>> = {
  s3: s3Operations,
  "s3-control": s3ControlOperations,
  lambda: {
    Invoke: "lambda:InvokeFunction",
    InvokeWithResponseStream: "lambda:InvokeFunction",
    GetLayerVersionByArn: "lambda:GetLayerVersion",
  },
  dynamodb: {
    TransactGetItems: "dynamodb:GetItem",
    // Of which of them a package's transactions are made is read from its code.
    TransactWriteItems: {
      needs: [
        [
          "dynamodb:PutItem",
          "dynamodb:UpdateItem",
          "dynamodb:DeleteItem",
          "dynamodb:ConditionCheckItem",
        ],
      ],
    },
    ExecuteStatement: partiQl,
    BatchExecuteStatement: partiQl,
    ExecuteTransaction: partiQl,
  },
  sns: { PublishBatch: "sns:Publish" },
  sqs: {
    ChangeMessageVisibilityBatch: "sqs:ChangeMessageVisibility",
    DeleteMessageBatch: "sqs:DeleteMessage",
    SendMessageBatch: "sqs:SendMessage",
  },
  kms: { ReEncrypt: { needs: ["kms:ReEncryptFrom", "kms:ReEncryptTo"] } },
  "bedrock-runtime": {
    Converse: "bedrock:InvokeModel",
    ConverseStream: "bedrock:InvokeModelWithResponseStream",
    InvokeModelWithBidirectionalStream: {
      needs: [["bedrock:InvokeModelWithResponseStream", "bedrock:InvokeModel"]],
    },
    StartAsyncInvoke: "bedrock:InvokeModel",
  },
  "bedrock-agent-runtime": {
    RetrieveAndGenerateStream: { needs: ["bedrock:RetrieveAndGenerate"] },
  },
  cloudfront: {
    CreateDistributionWithTags: {
      needs: ["cloudfront:CreateDistribution", "cloudfront:TagResource"],
    },
    CreateStreamingDistributionWithTags: {
      needs: ["cloudfront:CreateStreamingDistribution", "cloudfront:TagResource"],
    },
  },
  "iot-jobs-data-plane": { StartCommandExecution: "iot:StartCommandExecution" },
  "redshift-data": { GetStatementResultV2: "redshift-data:GetStatementResult" },
  // By the content of the mail.
  sesv2: { SendEmail: { needs: [["ses:SendEmail", "ses:SendRawEmail"]] } },
  "timestream-query": { Query: "timestream:Select" },
  "secrets-manager": {
    BatchGetSecretValue: {
      needs: ["secretsmanager:BatchGetSecretValue"],
      mayUse: ["secretsmanager:GetSecretValue", "secretsmanager:ListSecrets", "kms:Decrypt"],
    },
  },
  // It works even for those whom a policy denies it.
  sts: {
    GetCallerIdentity: { needs: [], mayUse: ["sts:GetCallerIdentity"] },
    GetSessionToken: { needs: [], mayUse: ["sts:GetSessionToken"] },
  },
};

/** Operations that are not signed, or by a token of their own: no policy is asked. */
export const unsigned: Readonly<Record<string, readonly string[]>> = {
  "cognito-identity": ["GetCredentialsForIdentity", "GetId", "GetOpenIdToken", "UnlinkIdentity"],
  "cognito-identity-provider": [
    "AssociateSoftwareToken",
    "ChangePassword",
    "CompleteWebAuthnRegistration",
    "ConfirmDevice",
    "ConfirmForgotPassword",
    "ConfirmSignUp",
    "DeleteUser",
    "DeleteUserAttributes",
    "DeleteWebAuthnCredential",
    "ForgetDevice",
    "ForgotPassword",
    "GetDevice",
    "GetTokensFromRefreshToken",
    "GetUser",
    "GetUserAttributeVerificationCode",
    "GetUserAuthFactors",
    "GlobalSignOut",
    "InitiateAuth",
    "ListDevices",
    "ListWebAuthnCredentials",
    "ResendConfirmationCode",
    "RespondToAuthChallenge",
    "RevokeToken",
    "SetUserMFAPreference",
    "SetUserSettings",
    "SignUp",
    "StartWebAuthnRegistration",
    "UpdateAuthEventFeedback",
    "UpdateDeviceStatus",
    "UpdateUserAttributes",
    "VerifySoftwareToken",
    "VerifyUserAttribute",
  ],
  signin: ["CreateOAuth2Token"],
  sso: ["GetRoleCredentials", "ListAccountRoles", "ListAccounts", "Logout"],
  "sso-oidc": ["CreateToken", "RegisterClient", "StartDeviceAuthorization"],
  sts: ["AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"],
};
