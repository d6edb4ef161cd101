import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const site = new aws.s3.Bucket("site");

const website = new aws.s3.BucketWebsiteConfiguration("site", {
  bucket: site.id,
  indexDocument: { suffix: "index.html" },
});

const ownership = new aws.s3.BucketOwnershipControls("site", {
  bucket: site.id,
  rule: { objectOwnership: "ObjectWriter" },
});
const access = new aws.s3.BucketPublicAccessBlock("site", {
  bucket: site.id,
  blockPublicAcls: false,
});

new aws.s3.BucketObject(
  "index.html",
  {
    bucket: site.id,
    key: "index.html",
    source: new pulumi.asset.FileAsset("www/index.html"),
    contentType: "text/html",
    acl: "public-read",
  },
  { dependsOn: [ownership, access] },
);

new aws.s3.BucketPolicy(
  "public-read",
  {
    bucket: site.id,
    policy: site.id.apply((name) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: "*",
            Action: ["s3:GetObject"],
            Resource: [`arn:aws:s3:::${name}/*`],
          },
        ],
      }),
    ),
  },
  { dependsOn: [access] },
);

export const url = pulumi.interpolate`http://${website.websiteEndpoint}`;
