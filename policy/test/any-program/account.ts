/** The account and the region that programs are deployed to. */
export const account = "123456789012";
export const region = "us-east-1";
export const partition = "aws";
