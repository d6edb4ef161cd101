import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

const secrets = new SecretsManagerClient({});

export async function handler(order) {
  const { SecretString } = await secrets.send(
    new GetSecretValueCommand({ SecretId: process.env.PAYMENT_SECRET_ARN }),
  );
  const response = await fetch("https://payments.example.com/charge", {
    method: "POST",
    headers: { authorization: `Bearer ${SecretString}` },
    body: JSON.stringify(order),
  });
  if (!response.ok) throw new Error(`payment failed with ${response.status}`);
  return order;
}
