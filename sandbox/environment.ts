import { join } from "node:path";
import type { ConfigMap } from "@pulumi/pulumi/automation/index.js";
import type { CreateAuthorizer } from "./aws/authorizer.ts";
import {
  emulatorTarget,
  newSocketPath,
  publishSdkLayer,
  region,
  startEmulator,
} from "./aws/emulator.ts";
import { type Connection, toLoopback } from "./aws/events/api-destination.ts";
import { type Events, startEvents } from "./aws/events/events.ts";
import type { Pipe } from "./aws/events/pipe.ts";
import { type CallUrl, functionUrlCaller } from "./aws/function-url.ts";
import { type Gateway, startGateway } from "./aws/gateway.ts";
import { awsProvider } from "./aws/provider/aws.ts";
import type { AwsTarget } from "./aws/provider/aws-target.ts";
import { SandboxClock } from "./clock.ts";
import { createEngine, type Engine, projectName } from "./engine/engine.ts";
import { serveProvider } from "./engine/provider-host.ts";
import { type PagerDuty, startPagerDuty } from "./pager-duty/server.ts";
import { createPrivateFolder } from "./private-folder.ts";
import { newAccessKey, newSumoLogicAccess, randomHex } from "./secrets.ts";
import { sumologicProvider } from "./sumo-logic/provider.ts";
import { type SumoLogic, startSumoLogic } from "./sumo-logic/server.ts";

/** Everything that the program meets, running on this machine. */
export interface Environment {
  readonly clock: SandboxClock;
  readonly aws: AwsTarget;
  readonly gateway: Gateway;
  readonly events: Events;
  readonly pagerDuty: PagerDuty;
  readonly sumoLogic: SumoLogic;
  readonly callUrl: CallUrl;
  readonly webhookToken: string;
  /** The environment variables with which commands and plugins reach AWS, as root, and Sumo Logic. */
  readonly variables: Readonly<Record<string, string>>;
  /** Ports of the running providers, by package. */
  readonly providers: Readonly<Record<string, number>>;
  /** A stack of a program of this repository; `settings` are the project's own besides the required. */
  createEngine(options?: {
    program?: string;
    folder?: string;
    settings?: ConfigMap;
    policyPack?: string | null;
    policyPackConfig?: string;
    load?: (program: string) => Record<string, unknown>;
    stackName?: string;
    environment?: Readonly<Record<string, string>>;
  }): Promise<Engine>;
  stop(): Promise<void>;
}

/**
 * Starts the emulator, the gateway before it, Sumo Logic and both providers, on free loopback ports,
 * with access keys that only this run has. Sumo Logic and the functions share one clock, which starts
 * `minutesAgo`. Without `createAuthorizer`, STS sessions and functions whose role has a permissions
 * boundary are refused.
 */
export async function startEnvironment(tools: {
  pulumi: string;
  python: string;
  folder: string;
  minutesAgo?: number;
  createAuthorizer?: CreateAuthorizer;
}): Promise<Environment> {
  const { pulumi, python, folder, minutesAgo = 0, createAuthorizer } = tools;
  createPrivateFolder(folder);
  const stops: (() => unknown)[] = [];
  const stop = async () => {
    for (const it of stops.splice(0).reverse()) await it();
  };
  try {
    const clockFile = join(folder, "clock");
    const clock = new SandboxClock(clockFile, minutesAgo);
    const credentials = newAccessKey();
    const target = emulatorTarget(newSocketPath(), credentials);
    const gateway = await startGateway(target, createAuthorizer);
    stops.push(gateway.stop);
    const gatewayPort = gateway.port;
    stops.push(await startEmulator({ python, target, gatewayPort, folder, clockFile }));
    const pagerDuty = await startPagerDuty();
    stops.push(pagerDuty.stop);
    const { pipes, eventConnections } = gateway.services;
    const events = startEvents({
      emulator: target,
      clock,
      // The services have checked them.
      sources: {
        pipes: () => pipes.all.values() as Iterable<unknown> as Iterable<Pipe>,
        destinations: () => eventConnections.destinations.values(),
        connections: () =>
          eventConnections.connections.values() as Iterable<unknown> as Iterable<Connection>,
      },
      sendRequest: toLoopback({ "events.pagerduty.com": pagerDuty.port }),
    });
    stops.push(events.stop);
    gateway.putEvent = events.put;
    const aws = { endpoint: `http://127.0.0.1:${gatewayPort}`, region, credentials };
    const callUrl = functionUrlCaller(gatewayPort);
    const access = newSumoLogicAccess();
    const { accessId, accessKey } = access;
    const sumoLogic = await startSumoLogic({ clock, access, callUrl });
    stops.push(sumoLogic.stop);
    const sdkLayerArn = await publishSdkLayer(aws);
    const awsHost = await serveProvider(awsProvider(aws, sdkLayerArn));
    stops.push(awsHost.stop);
    const sumoHost = await serveProvider(sumologicProvider());
    stops.push(sumoHost.stop);
    const providers = { aws: awsHost.port, "terraform-provider": sumoHost.port };
    const webhookToken = randomHex(32);
    const config = {
      "aws:region": { value: region },
      "sumologic:accessId": { value: accessId, secret: true },
      "sumologic:accessKey": { value: accessKey, secret: true },
      "sumologic:baseUrl": { value: sumoLogic.apiUrl },
      ...ownSettings({
        notificationEmail: { value: "oncall@example.com" },
        webhookToken: { value: webhookToken, secret: true },
      }),
    };
    return {
      clock,
      aws,
      gateway,
      events,
      pagerDuty,
      sumoLogic,
      callUrl,
      webhookToken,
      variables: {
        AWS_ENDPOINT_URL: aws.endpoint,
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        SANDBOX_SDK_LAYER: sdkLayerArn,
        SUMOLOGIC_ACCESSID: accessId,
        SUMOLOGIC_ACCESSKEY: accessKey,
        SUMOLOGIC_BASE_URL: sumoLogic.apiUrl,
      },
      providers,
      createEngine: ({ settings = {}, ...options } = {}) =>
        createEngine({
          pulumi,
          folder,
          config: { ...config, ...ownSettings(settings) },
          providers,
          ...options,
        }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Settings with the project's name as their namespace. */
function ownSettings(settings: ConfigMap): ConfigMap {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [`${projectName}:${key}`, value]),
  );
}
