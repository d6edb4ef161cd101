import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { AssumeRoleWithWebIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { identityToken } from "../../sandbox/aws/identity-token.ts";
import { type Checkout, createCheckout, setSecretLine } from "../../sandbox/engine/checkout.ts";
import { installPlugins } from "../../sandbox/engine/plugins.ts";
import type { Environment } from "../../sandbox/environment.ts";
import { claimsOf, repository, type TokenJob } from "./github-token.ts";

/** An environment in which pipeline/README.md has been followed: roles, state, and a stack without resources. */
export interface Pipeline {
  /** A checkout whose commands have no credentials for AWS but those that they are given. */
  readonly checkout: Checkout;
  /** Runs `pulumi -C pipeline/bootstrap …` as the person who sets the pipeline up; throws if it fails. */
  bootstrap(words: string): Promise<string>;
  /** The variables that are set in GitHub. */
  readonly variables: Readonly<Record<string, string>>;
  /** The secrets that are set in GitHub. */
  readonly secrets: Readonly<Record<"SUMOLOGIC_ACCESSID" | "SUMOLOGIC_ACCESSKEY", string>>;
  /** The variables with a session of a role, for the token of this job; with other claims if given. */
  session(
    role: "preview" | "deploy",
    job: TokenJob,
    otherClaims?: Readonly<Record<string, string | number>>,
  ): Promise<Record<string, string>>;
}

/**
 * Sets a pipeline up in an environment; each command is one of the guide's. A bare checkout installs its
 * packages; any other has this repository's.
 */
export async function createPipeline(
  environment: Environment,
  { folder, pulumi, isBare = false }: { folder: string; pulumi: string; isBare?: boolean },
): Promise<Pipeline> {
  const home = join(folder, "pulumi-home");
  const bootstrapState = join(folder, "bootstrap-state");
  mkdirSync(bootstrapState, { recursive: true });
  installPlugins(home);
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...clouds } = environment.variables;
  const admin = {
    AWS_ACCESS_KEY_ID: AWS_ACCESS_KEY_ID ?? "",
    AWS_SECRET_ACCESS_KEY: AWS_SECRET_ACCESS_KEY ?? "",
  };
  const checkout = createCheckout({
    folder: join(folder, "checkout"),
    pulumi,
    isBare,
    environment: { PULUMI_HOME: home, ...clouds },
  });
  const run = async (line: string, variables: Record<string, string>) => {
    const { code, output, error } = await checkout.run(line, { ...admin, ...variables });
    if (code !== 0) throw new Error(`${line} ended with ${code}\n${output}${error}`);
    return output;
  };

  if (isBare) await run("npm ci && npm run build", {});
  const own = { PULUMI_BACKEND_URL: `file://${bootstrapState}`, PULUMI_CONFIG_PASSPHRASE: "" };
  const bootstrap = (words: string) => run(`pulumi -C pipeline/bootstrap ${words}`, own);
  await bootstrap("stack init dev");
  const { owner, ownerId, name, id } = repository;
  await bootstrap(`config set subjectPrefix repo:${owner}@${ownerId}/${name}@${id}`);
  await bootstrap(`config set repositoryId ${id}`);
  const withPack = "--policy-pack ../../policy/bin/pack.js --policy-pack-config policy-config.json";
  await bootstrap(`up --yes --skip-preview ${withPack}`);
  const outputs = JSON.parse(await bootstrap("stack output --json"));
  const variables: Record<string, string> = outputs.variables;
  // The emulator knows buckets by their path alone.
  variables.PULUMI_BACKEND_URL += "&use_path_style=true";

  const state = { PULUMI_BACKEND_URL: variables.PULUMI_BACKEND_URL ?? "" };
  await run(`pulumi stack init dev --secrets-provider '${outputs.secretsProvider}'`, state);
  await run(`pulumi config set permissionsBoundary ${outputs.permissionsBoundary}`, state);
  await run(setSecretLine("webhookToken"), { ...state, VALUE: environment.webhookToken });

  const sts = new STSClient(environment.aws);
  return {
    checkout,
    bootstrap,
    variables,
    secrets: {
      SUMOLOGIC_ACCESSID: clouds.SUMOLOGIC_ACCESSID ?? "",
      SUMOLOGIC_ACCESSKEY: clouds.SUMOLOGIC_ACCESSKEY ?? "",
    },
    async session(role, job, otherClaims) {
      const { Credentials } = await sts.send(
        new AssumeRoleWithWebIdentityCommand({
          RoleArn: variables[role === "preview" ? "AWS_PREVIEW_ROLE" : "AWS_DEPLOY_ROLE"],
          RoleSessionName: "github",
          WebIdentityToken: identityToken(
            { ...claimsOf(job), ...otherClaims },
            environment.aws.credentials,
          ),
        }),
      );
      return {
        ...state,
        AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? "",
        AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey ?? "",
        AWS_SESSION_TOKEN: Credentials?.SessionToken ?? "",
      };
    },
  };
}
