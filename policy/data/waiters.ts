/**
 * The SDK's waiters by client and by the operation that they call. The function
 * `waitUntilInstanceRunning` of `@aws-sdk/client-ec2` is `InstanceRunning` of `ec2` here.
 *
 * Source: botocore's models, `waiters-2.json` of each service.
 * https://github.com/boto/botocore/tree/develop/botocore/data
 * Refresh: add what a newer `waiters-2.json` has; the client is the service's `serviceId` in lower
 * case, with `-` for spaces. policy/test/e2e/boto3.spec.ts compares the table with the models,
 * policy/test/code/operations.spec.ts the operations with the Service Authorization Reference.
 */
export const waiters: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "abuse-signal": {
    GetAbuseReportStatus: ["ReportProcessing"],
  },
  "account-access": {
    GetApplication: ["ApplicationActive"],
  },
  acm: {
    DescribeAcmeDomainValidation: ["AcmeDomainValidationDeleted", "AcmeDomainValidationValidated"],
    DescribeAcmeEndpoint: ["AcmeEndpointActive", "AcmeEndpointDeleted"],
    DescribeCertificate: ["CertificateValidated"],
  },
  "acm-pca": {
    DescribeCertificateAuthorityAuditReport: ["AuditReportCreated"],
    GetCertificateAuthorityCsr: ["CertificateAuthorityCSRCreated"],
    GetCertificate: ["CertificateIssued"],
  },
  "agent-registry-control": {
    GetRegistry: ["RegistryReady"],
    GetRegistryRecord: ["RegistryRecordApproved"],
  },
  amp: {
    DescribeAnomalyDetector: ["AnomalyDetectorActive", "AnomalyDetectorDeleted"],
    DescribeScraper: ["ScraperActive", "ScraperDeleted"],
    DescribeWorkspace: ["WorkspaceActive", "WorkspaceDeleted"],
  },
  appconfig: {
    GetEnvironment: ["EnvironmentReadyForDeployment"],
    GetDeployment: ["DeploymentComplete"],
  },
  appstream: {
    DescribeFleets: ["FleetStarted", "FleetStopped"],
  },
  "arc-region-switch": {
    GetPlanEvaluationStatus: ["PlanEvaluationStatusPassed"],
    GetPlanExecution: ["PlanExecutionCompleted"],
  },
  b2bi: {
    GetTransformerJob: ["TransformerJobSucceeded"],
  },
  "bedrock-agentcore-control": {
    GetMemory: ["MemoryCreated"],
    GetPolicy: ["PolicyActive", "PolicyDeleted"],
    GetPolicyEngine: ["PolicyEngineActive", "PolicyEngineDeleted"],
    GetPolicyGeneration: ["PolicyGenerationCompleted"],
  },
  cloudcontrol: {
    GetResourceRequestStatus: ["ResourceRequestSuccess"],
  },
  cloudformation: {
    DescribeStacks: [
      "StackExists",
      "StackCreateComplete",
      "StackDeleteComplete",
      "StackUpdateComplete",
      "StackImportComplete",
      "StackRollbackComplete",
    ],
    DescribeChangeSet: ["ChangeSetCreateComplete"],
    DescribeStackRefactor: ["StackRefactorCreateComplete", "StackRefactorExecuteComplete"],
    DescribeTypeRegistration: ["TypeRegistrationComplete"],
  },
  cloudfront: {
    GetDistribution: ["DistributionDeployed"],
    GetInvalidation: ["InvalidationCompleted"],
    GetInvalidationForDistributionTenant: ["InvalidationForDistributionTenantCompleted"],
    GetStreamingDistribution: ["StreamingDistributionDeployed"],
  },
  cloudwatch: {
    DescribeAlarms: ["AlarmExists", "CompositeAlarmExists", "LogAlarmExists"],
    GetAlarmMuteRule: ["AlarmMuteRuleExists"],
  },
  codedeploy: {
    GetDeployment: ["DeploymentSuccessful"],
  },
  "codeguru-reviewer": {
    DescribeRepositoryAssociation: ["RepositoryAssociationSucceeded"],
    DescribeCodeReview: ["CodeReviewCompleted"],
  },
  continuum: {
    GetCodeScan: ["CodeScanSucceeded"],
  },
  "database-migration-service": {
    DescribeConnections: ["TestConnectionSucceeds"],
    DescribeEndpoints: ["EndpointDeleted"],
    DescribeReplicationInstances: ["ReplicationInstanceAvailable", "ReplicationInstanceDeleted"],
    DescribeReplicationTasks: [
      "ReplicationTaskReady",
      "ReplicationTaskStopped",
      "ReplicationTaskRunning",
      "ReplicationTaskDeleted",
    ],
    DescribeMetadataModelImports: ["MetadataModelImported"],
    DescribeMetadataModelAssessments: ["MetadataModelAssessed"],
    DescribeMetadataModelConversions: [
      "MetadataModelConverted",
      "MetadataModelConversionCancelled",
    ],
    DescribeMetadataModelExportsAsScript: ["MetadataModelExportedAsScript"],
    DescribeMetadataModelExportsToTarget: ["MetadataModelExportedToTarget"],
    DescribeMetadataModelCreations: ["MetadataModelCreated", "MetadataModelCreationCancelled"],
    DescribeExtensionPackAssociations: ["ExtensionPackAssociated"],
  },
  deadline: {
    GetFleet: ["FleetActive"],
    GetJob: ["JobComplete", "JobCreateComplete", "JobSucceeded"],
    GetLicenseEndpoint: ["LicenseEndpointDeleted", "LicenseEndpointValid"],
    GetQueueFleetAssociation: ["QueueFleetAssociationStopped"],
    GetQueueLimitAssociation: ["QueueLimitAssociationStopped"],
    GetQueue: ["QueueScheduling", "QueueSchedulingBlocked"],
  },
  "directory-service": {
    DescribeHybridADUpdate: ["HybridADUpdated"],
  },
  docdb: {
    DescribeDBInstances: ["DBInstanceAvailable", "DBInstanceDeleted"],
  },
  dsql: {
    GetCluster: ["ClusterActive", "ClusterNotExists"],
    GetStream: ["StreamActive", "StreamNotExists"],
  },
  dynamodb: {
    DescribeContributorInsights: ["ContributorInsightsEnabled"],
    DescribeExport: ["ExportCompleted"],
    DescribeImport: ["ImportCompleted"],
    DescribeKinesisStreamingDestination: ["KinesisStreamingDestinationActive"],
    DescribeTable: ["TableExists", "TableNotExists"],
    DescribeBulkOperation: ["BulkOperationCompleted"],
  },
  ec2: {
    DescribeInstances: [
      "InstanceExists",
      "InstanceRunning",
      "InstanceStopped",
      "InstanceTerminated",
    ],
    DescribeBundleTasks: ["BundleTaskComplete"],
    DescribeConversionTasks: [
      "ConversionTaskCancelled",
      "ConversionTaskCompleted",
      "ConversionTaskDeleted",
    ],
    DescribeCustomerGateways: ["CustomerGatewayAvailable"],
    DescribeExportTasks: ["ExportTaskCancelled", "ExportTaskCompleted"],
    DescribeImages: ["ImageExists", "ImageAvailable"],
    DescribeImageUsageReports: ["ImageUsageReportAvailable"],
    DescribeInstanceStatus: ["InstanceStatusOk", "SystemStatusOk"],
    DescribeInternetGateways: ["InternetGatewayExists"],
    DescribeKeyPairs: ["KeyPairExists"],
    DescribeNatGateways: ["NatGatewayAvailable", "NatGatewayDeleted"],
    DescribeNetworkInterfaces: ["NetworkInterfaceAvailable"],
    GetPasswordData: ["PasswordDataAvailable"],
    DescribeSnapshots: ["SnapshotCompleted"],
    DescribeImportSnapshotTasks: ["SnapshotImported"],
    DescribeSecurityGroups: ["SecurityGroupExists"],
    DescribeSecurityGroupVpcAssociations: [
      "SecurityGroupVpcAssociationAssociated",
      "SecurityGroupVpcAssociationDisassociated",
    ],
    DescribeSpotInstanceRequests: ["SpotInstanceRequestFulfilled"],
    DescribeStoreImageTasks: ["StoreImageTaskComplete"],
    DescribeSubnets: ["SubnetAvailable"],
    DescribeVolumes: ["VolumeAvailable", "VolumeDeleted", "VolumeInUse"],
    DescribeVpcs: ["VpcAvailable", "VpcExists"],
    DescribeVpnConnections: ["VpnConnectionAvailable", "VpnConnectionDeleted"],
    DescribeVpcPeeringConnections: ["VpcPeeringConnectionExists", "VpcPeeringConnectionDeleted"],
    DescribeSecondaryNetworks: ["SecondaryNetworkCreateComplete", "SecondaryNetworkDeleteComplete"],
    DescribeSecondarySubnets: ["SecondarySubnetCreateComplete", "SecondarySubnetDeleteComplete"],
  },
  ecr: {
    DescribeImageScanFindings: ["ImageScanComplete"],
    GetLifecyclePolicyPreview: ["LifecyclePolicyPreviewComplete"],
  },
  ecs: {
    DescribeDaemon: ["DaemonActive"],
    DescribeDaemonDeployments: ["DaemonDeploymentStopped", "DaemonDeploymentSuccessful"],
    DescribeDaemonTaskDefinition: ["DaemonTaskDefinitionActive", "DaemonTaskDefinitionDeleted"],
    DescribeServices: ["ServicesInactive", "ServicesStable"],
    DescribeTasks: ["TasksRunning", "TasksStopped"],
  },
  eks: {
    DescribeCluster: ["ClusterActive", "ClusterDeleted"],
    DescribeNodegroup: ["NodegroupActive", "NodegroupDeleted"],
    DescribeAddon: ["AddonActive", "AddonDeleted"],
    DescribeFargateProfile: ["FargateProfileActive", "FargateProfileDeleted"],
    DescribeUpdate: ["CertificateAuthorityUpdateComplete"],
  },
  "elastic-beanstalk": {
    DescribeEnvironments: ["EnvironmentExists", "EnvironmentUpdated", "EnvironmentTerminated"],
  },
  "elastic-load-balancing": {
    DescribeInstanceHealth: ["InstanceDeregistered", "AnyInstanceInService", "InstanceInService"],
  },
  "elastic-load-balancing-v2": {
    DescribeLoadBalancers: ["LoadBalancerExists", "LoadBalancerAvailable", "LoadBalancersDeleted"],
    DescribeTargetHealth: ["TargetInService", "TargetDeregistered"],
  },
  elasticache: {
    DescribeCacheClusters: ["CacheClusterAvailable", "CacheClusterDeleted"],
    DescribeReplicationGroups: ["ReplicationGroupAvailable", "ReplicationGroupDeleted"],
  },
  elementalinference: {
    GetFeed: ["FeedDeleted"],
  },
  emr: {
    DescribeCluster: ["ClusterRunning", "ClusterTerminated"],
    DescribeStep: ["StepComplete"],
  },
  endusermessaging: {
    GetBrandProfile: ["BrandProfileActive"],
    GetJob: ["JobSuccess"],
  },
  eventbridgev2: {
    DescribeEventBus: ["EventBusActive", "EventBusDeleted"],
    DescribeSubscriber: ["MskSubscriberActive"],
  },
  gameliftstreams: {
    GetApplication: ["ApplicationDeleted", "ApplicationReady"],
    GetStreamGroup: ["StreamGroupActive", "StreamGroupDeleted"],
    GetStreamSession: ["StreamSessionActive"],
  },
  glacier: {
    DescribeVault: ["VaultExists", "VaultNotExists"],
  },
  groundstation: {
    DescribeContact: ["ContactScheduled"],
    DescribeContactVersion: ["ContactUpdated"],
  },
  healthlake: {
    DescribeDataTransformationJob: ["DataTransformationJobCompleted"],
    DescribeFHIRDatastore: ["FHIRDatastoreActive", "FHIRDatastoreDeleted"],
    DescribeFHIRExportJob: ["FHIRExportJobCompleted"],
    DescribeFHIRImportJob: ["FHIRImportJobCompleted"],
  },
  iam: {
    GetInstanceProfile: ["InstanceProfileExists"],
    GetUser: ["UserExists"],
    GetRole: ["RoleExists"],
    GetPolicy: ["PolicyExists"],
  },
  imagebuilder: {
    GetImage: ["ImageAvailable"],
  },
  inspector2: {
    ListConnectors: ["ConnectorConnected", "ConnectorDeleted", "ConnectorEnabled"],
  },
  interconnect: {
    GetConnection: ["ConnectionAvailable", "ConnectionDeleted"],
  },
  iotsitewise: {
    DescribeAssetModel: ["AssetModelNotExists", "AssetModelActive"],
    DescribeAsset: ["AssetNotExists", "AssetActive"],
    DescribePortal: ["PortalNotExists", "PortalActive"],
  },
  kinesis: {
    DescribeStream: ["StreamExists", "StreamNotExists"],
    DescribeChannel: ["ChannelActive"],
  },
  lambda: {
    GetFunctionConfiguration: ["FunctionActive", "FunctionUpdated", "PublishedVersionActive"],
    GetFunction: ["FunctionActiveV2", "FunctionExists", "FunctionUpdatedV2"],
  },
  "lambda-core": {
    GetRuntimeAlias: ["RuntimeAliasActive"],
    GetRuntimeVersion: ["RuntimeVersionActive"],
  },
  "lambda-web": {
    GetWebFunction: ["WebFunctionActive", "WebFunctionDeleted"],
    GetWebFunctionEndpoint: [
      "WebFunctionEndpointActive",
      "WebFunctionEndpointDeleted",
      "WebFunctionEndpointUpdated",
    ],
    GetWebFunctionRevision: ["WebFunctionRevisionActive"],
  },
  "lex-models-v2": {
    DescribeBot: ["BotAvailable"],
    DescribeBotAlias: ["BotAliasAvailable"],
    DescribeExport: ["BotExportCompleted"],
    DescribeImport: ["BotImportCompleted"],
    DescribeBotLocale: ["BotLocaleBuilt", "BotLocaleExpressTestingAvailable", "BotLocaleCreated"],
    DescribeBotVersion: ["BotVersionAvailable"],
  },
  location: {
    GetJob: ["JobCompleted"],
  },
  "machine-learning": {
    DescribeDataSources: ["DataSourceAvailable"],
    DescribeMLModels: ["MLModelAvailable"],
    DescribeEvaluations: ["EvaluationAvailable"],
    DescribeBatchPredictions: ["BatchPredictionAvailable"],
  },
  macie2: {
    GetSensitiveDataOccurrences: ["FindingRevealed"],
  },
  mediaconnect: {
    DescribeFlow: ["FlowActive", "FlowDeleted", "FlowStandby"],
    GetRouterInput: ["InputActive", "InputDeleted", "InputStandby"],
    GetRouterOutput: [
      "OutputActive",
      "OutputDeleted",
      "OutputRouted",
      "OutputStandby",
      "OutputUnrouted",
    ],
    GetDestinationEndpoint: [
      "DestinationEndpointConnected",
      "DestinationEndpointDeregistered",
      "DestinationEndpointDisconnected",
      "DestinationEndpointRegistered",
    ],
    GetSourceEndpoint: [
      "SourceEndpointConnected",
      "SourceEndpointConnecting",
      "SourceEndpointDeregistered",
      "SourceEndpointDisconnected",
      "SourceEndpointDisconnecting",
      "SourceEndpointRegistered",
    ],
  },
  medialive: {
    DescribeChannel: ["ChannelCreated", "ChannelRunning", "ChannelStopped", "ChannelDeleted"],
    DescribeInput: ["InputAttached", "InputDetached", "InputDeleted"],
    DescribeMultiplex: [
      "MultiplexCreated",
      "MultiplexRunning",
      "MultiplexStopped",
      "MultiplexDeleted",
    ],
    GetSignalMap: [
      "SignalMapCreated",
      "SignalMapMonitorDeleted",
      "SignalMapMonitorDeployed",
      "SignalMapUpdated",
    ],
    DescribeCluster: ["ClusterCreated", "ClusterDeleted"],
    DescribeNode: ["NodeRegistered", "NodeDeregistered"],
    DescribeChannelPlacementGroup: [
      "ChannelPlacementGroupAssigned",
      "ChannelPlacementGroupUnassigned",
      "ChannelPlacementGroupDeleted",
    ],
  },
  mediapackagev2: {
    GetHarvestJob: ["HarvestJobFinished"],
  },
  neptune: {
    DescribeDBInstances: ["DBInstanceAvailable", "DBInstanceDeleted"],
  },
  "neptune-graph": {
    GetExportTask: ["ExportTaskCancelled", "ExportTaskSuccessful"],
    GetGraph: ["GraphAvailable", "GraphDeleted", "GraphStopped"],
    GetGraphSnapshot: ["GraphSnapshotAvailable", "GraphSnapshotDeleted"],
    GetImportTask: ["ImportTaskCancelled", "ImportTaskSuccessful"],
    GetPrivateGraphEndpoint: ["PrivateGraphEndpointAvailable", "PrivateGraphEndpointDeleted"],
  },
  "network-firewall": {
    DescribeFirewallPolicy: ["FirewallPolicyActive"],
  },
  omics: {
    GetAnnotationImportJob: ["AnnotationImportJobCreated"],
    GetAnnotationStore: ["AnnotationStoreCreated", "AnnotationStoreDeleted"],
    GetAnnotationStoreVersion: ["AnnotationStoreVersionCreated", "AnnotationStoreVersionDeleted"],
    GetReadSetActivationJob: ["ReadSetActivationJobCompleted"],
    GetReadSetExportJob: ["ReadSetExportJobCompleted"],
    GetReadSetImportJob: ["ReadSetImportJobCompleted"],
    GetReferenceImportJob: ["ReferenceImportJobCompleted"],
    GetRun: ["RunCompleted", "RunRunning"],
    GetRunTask: ["TaskCompleted", "TaskRunning"],
    GetVariantImportJob: ["VariantImportJobCreated"],
    GetVariantStore: ["VariantStoreCreated", "VariantStoreDeleted"],
    GetWorkflow: ["WorkflowActive"],
    GetWorkflowVersion: ["WorkflowVersionActive"],
  },
  opensearchmemory: {
    GetSpace: ["SpaceActive", "SpaceDeleted"],
  },
  polly: {
    GetVoice: ["VoiceActive"],
  },
  proton: {
    GetComponent: ["ComponentDeleted", "ComponentDeployed"],
    GetEnvironment: ["EnvironmentDeployed"],
    GetEnvironmentTemplateVersion: ["EnvironmentTemplateVersionRegistered"],
    GetService: ["ServiceCreated", "ServiceDeleted", "ServicePipelineDeployed", "ServiceUpdated"],
    GetServiceInstance: ["ServiceInstanceDeployed"],
    GetServiceTemplateVersion: ["ServiceTemplateVersionRegistered"],
  },
  rds: {
    DescribeDBClusters: ["DBClusterAvailable", "DBClusterDeleted"],
    DescribeDBClusterSnapshots: ["DBClusterSnapshotAvailable", "DBClusterSnapshotDeleted"],
    DescribeDBInstances: ["DBInstanceAvailable", "DBInstanceDeleted"],
    DescribeDBSnapshots: ["DBSnapshotAvailable", "DBSnapshotDeleted", "DBSnapshotCompleted"],
    DescribeTenantDatabases: ["TenantDatabaseAvailable", "TenantDatabaseDeleted"],
  },
  redshift: {
    DescribeClusters: ["ClusterAvailable", "ClusterDeleted", "ClusterRestored"],
    DescribeClusterSnapshots: ["SnapshotAvailable"],
  },
  rekognition: {
    DescribeProjectVersions: ["ProjectVersionTrainingCompleted", "ProjectVersionRunning"],
  },
  repostspace: {
    GetChannel: ["ChannelCreated", "ChannelDeleted"],
    GetSpace: ["SpaceCreated", "SpaceDeleted"],
  },
  resiliencehubv2: {
    ListFailureModeAssessments: ["FailureModeAssessmentSuccess"],
    ListReports: ["ReportSucceeded"],
    GetService: ["ServiceAssessmentCompleted", "ServiceResourceDiscoveryCompleted"],
  },
  "route-53": {
    GetChange: ["ResourceRecordSetsChanged"],
    GetHealthCheckSource: ["HealthCheckSourceCreated", "HealthCheckSourceDeleted"],
  },
  "route53-recovery-control-config": {
    DescribeCluster: ["ClusterCreated", "ClusterDeleted"],
    DescribeControlPanel: ["ControlPanelCreated", "ControlPanelDeleted"],
    DescribeRoutingControl: ["RoutingControlCreated", "RoutingControlDeleted"],
  },
  rtbfabric: {
    GetCertificateAssociation: ["CertificateAssociated", "CertificateDisassociated"],
    GetInboundExternalLink: ["InboundExternalLinkActive", "InboundExternalLinkDeleted"],
    GetLink: ["LinkAccepted", "LinkActive", "LinkDeleted"],
    GetLinkRoutingRule: ["LinkRoutingRuleActive", "LinkRoutingRuleDeleted"],
    GetOutboundExternalLink: ["OutboundExternalLinkActive", "OutboundExternalLinkDeleted"],
    GetRequesterGateway: ["RequesterGatewayActive", "RequesterGatewayDeleted"],
    GetResponderGateway: ["ResponderGatewayActive", "ResponderGatewayDeleted"],
  },
  s3: {
    HeadBucket: ["BucketExists", "BucketNotExists"],
    HeadObject: ["ObjectExists", "ObjectNotExists"],
  },
  sagemaker: {
    DescribeEndpoint: ["EndpointDeleted", "EndpointInService"],
    DescribeImage: ["ImageCreated", "ImageDeleted", "ImageUpdated"],
    DescribeImageVersion: ["ImageVersionCreated", "ImageVersionDeleted"],
    DescribeNotebookInstance: [
      "NotebookInstanceDeleted",
      "NotebookInstanceInService",
      "NotebookInstanceStopped",
    ],
    DescribeProcessingJob: ["ProcessingJobCompletedOrStopped"],
    DescribeTrainingJob: ["TrainingJobCompletedOrStopped"],
    DescribeTransformJob: ["TransformJobCompletedOrStopped"],
  },
  schemas: {
    DescribeCodeBinding: ["CodeBindingExists"],
  },
  ses: {
    GetIdentityVerificationAttributes: ["IdentityExists"],
  },
  signer: {
    DescribeSigningJob: ["SuccessfulSigningJob"],
  },
  simpledbv2: {
    GetExport: ["ExportSucceeded"],
  },
  ssm: {
    GetCommandInvocation: ["CommandExecuted"],
  },
  "ssm-incidents": {
    GetReplicationSet: ["WaitForReplicationSetActive", "WaitForReplicationSetDeleted"],
  },
  transcribe: {
    GetCallAnalyticsJob: ["CallAnalyticsJobCompleted"],
    DescribeLanguageModel: ["LanguageModelCompleted"],
    GetMedicalScribeJob: ["MedicalScribeJobCompleted"],
    GetMedicalTranscriptionJob: ["MedicalTranscriptionJobCompleted"],
    GetMedicalVocabulary: ["MedicalVocabularyReady"],
    GetTranscriptionJob: ["TranscriptionJobCompleted"],
    GetVocabulary: ["VocabularyReady"],
  },
  transfer: {
    DescribeServer: ["ServerOffline", "ServerOnline"],
  },
  wellarchitected: {
    GetAgentOrganizationalReport: ["AgentOrganizationalReportCompleted"],
  },
};
