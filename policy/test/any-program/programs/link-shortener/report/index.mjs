import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";

const sns = new SNSClient({});

export const handler = ({ Records }) =>
  sns.send(
    new PublishCommand({
      TopicArn: process.env.REPORTS_TOPIC,
      Message: `${Records.length} visits`,
    }),
  );
