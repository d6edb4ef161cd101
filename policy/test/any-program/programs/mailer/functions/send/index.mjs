import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";

const ses = new SESv2Client({});
const ssm = new SSMClient({});

export const handler = async ({ Records }) => {
  const { Parameter } = await ssm.send(
    new GetParameterCommand({ Name: process.env.SENDER_PARAMETER }),
  );
  for (const { body } of Records) {
    const { to, subject, text } = JSON.parse(body);
    await ses.send(
      new SendEmailCommand({
        FromEmailAddress: Parameter.Value,
        Destination: { ToAddresses: [to] },
        Content: { Simple: { Subject: { Data: subject }, Body: { Text: { Data: text } } } },
      }),
    );
  }
};
