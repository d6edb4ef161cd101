import { keyspacesActions, neptuneActions } from "./database-actions.ts";
import { s3Actions, s3ControlActions } from "./s3-actions.ts";

/** One action, or alternatives of which one must be allowed. */
export type Alternatives = string | readonly string[];

/** The action, or the actions, that an operation requires. */
export type ActionsByOperation = Readonly<
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

/**
 * Operations whose action has another name than the operation, by client. An operation may require
 * no action, or several.
 *
 * Source: each service's page of the Service Authorization Reference, and its API reference.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/
 * Refresh: policy/test/code/operations.spec.ts reports each command of an installed client without
 * an action; add it here, or to that test's list if the reference lacks the action.
 */
export const actionExceptions: Readonly<Record<string, ActionsByOperation>> = {
  s3: s3Actions,
  "s3-control": s3ControlActions,
  keyspaces: keyspacesActions,
  neptunedata: neptuneActions,
  lambda: {
    Invoke: "lambda:InvokeFunction",
    InvokeWithResponseStream: "lambda:InvokeFunction",
    GetLayerVersionByArn: "lambda:GetLayerVersion",
  },
  dynamodb: {
    TransactGetItems: "dynamodb:GetItem",
    // policy/code/transactions.ts reads from the code which of them a transaction contains.
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
  // Depends on the e-mail's content: simple or raw.
  sesv2: { SendEmail: { needs: [["ses:SendEmail", "ses:SendRawEmail"]] } },
  "timestream-query": { Query: "timestream:Select" },
  "secrets-manager": {
    BatchGetSecretValue: {
      needs: ["secretsmanager:BatchGetSecretValue"],
      mayUse: ["secretsmanager:GetSecretValue", "secretsmanager:ListSecrets", "kms:Decrypt"],
    },
  },
  // Allowed even if a policy denies it.
  sts: {
    GetCallerIdentity: { needs: [], mayUse: ["sts:GetCallerIdentity"] },
    GetSessionToken: { needs: [], mayUse: ["sts:GetSessionToken"] },
  },
};

/**
 * Operations that IAM does not authorize: unsigned, or authorized by a token in the request.
 *
 * Source: botocore's models, `"auth": ["smithy.api#noAuth"]`, `"authtype": "none"` or a bearer token in
 * `service-2.json`, and the API reference of Cognito, IAM Identity Center and Amazon Connect Participant Service.
 * https://github.com/boto/botocore/tree/develop/botocore/data
 * Refresh: policy/test/e2e/boto3.spec.ts reports what the models have besides; policy/test/code/operations.spec.ts
 * checks the names of the clients.
 */
export const unsignedOperations: Readonly<Record<string, readonly string[]>> = {
  "account-access-runtime": ["GetRoleCredentials", "ListRoles"],
  codecatalyst: [
    "CreateAccessToken",
    "CreateDevEnvironment",
    "CreateProject",
    "CreateSourceRepository",
    "CreateSourceRepositoryBranch",
    "DeleteAccessToken",
    "DeleteDevEnvironment",
    "DeleteProject",
    "DeleteSourceRepository",
    "DeleteSpace",
    "GetDevEnvironment",
    "GetProject",
    "GetSourceRepository",
    "GetSourceRepositoryCloneUrls",
    "GetSpace",
    "GetSubscription",
    "GetUserDetails",
    "GetWorkflow",
    "GetWorkflowRun",
    "ListAccessTokens",
    "ListDevEnvironmentSessions",
    "ListDevEnvironments",
    "ListEventLogs",
    "ListProjects",
    "ListSourceRepositories",
    "ListSourceRepositoryBranches",
    "ListSpaces",
    "ListWorkflowRuns",
    "ListWorkflows",
    "StartDevEnvironment",
    "StartDevEnvironmentSession",
    "StartWorkflowRun",
    "StopDevEnvironment",
    "StopDevEnvironmentSession",
    "UpdateDevEnvironment",
    "UpdateProject",
    "UpdateSpace",
    "VerifySession",
  ],
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
    "ListUserSessions",
    "ListWebAuthnCredentials",
    "ResendConfirmationCode",
    "RespondToAuthChallenge",
    "RevokeToken",
    "RevokeUserSession",
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
  connectparticipant: [
    "CancelParticipantAuthentication",
    "CompleteAttachmentUpload",
    "CreateParticipantConnection",
    "DescribeView",
    "DisconnectParticipant",
    "GetAttachment",
    "GetAuthenticationUrl",
    "GetTranscript",
    "SendEvent",
    "SendMessage",
    "StartAttachmentUpload",
  ],
  signin: ["CreateOAuth2Token", "CreateOAuth2TokenWithTokenExchange"],
  sso: ["GetRoleCredentials", "ListAccountRoles", "ListAccounts", "Logout"],
  "sso-oidc": ["CreateToken", "RegisterClient", "StartDeviceAuthorization"],
  sts: ["AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"],
};
