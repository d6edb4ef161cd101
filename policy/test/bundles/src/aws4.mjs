import { request } from "node:https";
import { sign } from "aws4";

export const handler = () =>
  request(sign({ host: "sns.us-east-1.amazonaws.com", path: "/?Action=ListTopics" })).end();
