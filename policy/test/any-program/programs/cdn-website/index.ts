import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const domain = config.require("domain");
const parent = domain.split(".").slice(1).join(".");

const content = new aws.s3.Bucket("content");
new aws.s3.BucketServerSideEncryptionConfiguration("content", {
  bucket: content.bucket,
  rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
});
const logs = new aws.s3.Bucket("request-logs");

const zone = aws.route53.getZoneOutput({ name: parent });

// CloudFront wants certificates of this region.
const east = new aws.Provider("east", { region: "us-east-1" });
const certificate = new aws.acm.Certificate(
  "certificate",
  { domainName: domain, validationMethod: "DNS" },
  { provider: east },
);
const validationRecord = new aws.route53.Record("validation", {
  name: certificate.domainValidationOptions[0].resourceRecordName,
  type: certificate.domainValidationOptions[0].resourceRecordType,
  records: [certificate.domainValidationOptions[0].resourceRecordValue],
  zoneId: zone.zoneId,
  ttl: 600,
});
const validation = new aws.acm.CertificateValidation(
  "validation",
  { certificateArn: certificate.arn, validationRecordFqdns: [validationRecord.fqdn] },
  { provider: east },
);

const access = new aws.cloudfront.OriginAccessControl("content", {
  originAccessControlOriginType: "s3",
  signingBehavior: "always",
  signingProtocol: "sigv4",
});

const distribution = new aws.cloudfront.Distribution("cdn", {
  enabled: true,
  aliases: [domain],
  defaultRootObject: "index.html",
  origins: [
    {
      originId: "content",
      domainName: content.bucketRegionalDomainName,
      originAccessControlId: access.id,
    },
  ],
  defaultCacheBehavior: {
    targetOriginId: "content",
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: ["GET", "HEAD"],
    cachedMethods: ["GET", "HEAD"],
    cachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
  },
  loggingConfig: { bucket: logs.bucketDomainName, prefix: `${domain}/` },
  restrictions: { geoRestriction: { restrictionType: "none" } },
  viewerCertificate: {
    acmCertificateArn: validation.certificateArn,
    sslSupportMethod: "sni-only",
    minimumProtocolVersion: "TLSv1.2_2021",
  },
});

new aws.s3.BucketPolicy("content-policy", {
  bucket: content.bucket,
  policy: {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AllowCloudFront",
        Effect: "Allow",
        Principal: { Service: "cloudfront.amazonaws.com" },
        Action: "s3:GetObject",
        Resource: pulumi.interpolate`${content.arn}/*`,
        Condition: { StringEquals: { "AWS:SourceArn": distribution.arn } },
      },
      {
        Sid: "DenyPlainHttp",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [content.arn, pulumi.interpolate`${content.arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  },
});

for (const type of ["A", "AAAA"]) {
  new aws.route53.Record(`alias-${type}`, {
    name: domain,
    zoneId: zone.zoneId,
    type,
    aliases: [
      {
        name: distribution.domainName,
        zoneId: distribution.hostedZoneId,
        evaluateTargetHealth: true,
      },
    ],
  });
}

export const url = `https://${domain}/`;
