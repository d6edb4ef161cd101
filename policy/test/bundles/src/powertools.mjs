import { getParameter } from "@aws-lambda-powertools/parameters/ssm";

export const handler = () => getParameter(process.env.PARAMETER_NAME);
