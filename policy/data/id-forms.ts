/**
 * The formats of ids that AWS generates, by placeholder of the Service Authorization Reference. `~` is
 * a character that varies; a number after it repeats it. With these, `i-0*` and `i-` with 17 `?` are known to match
 * every instance.
 *
 * Source: the examples in the API reference of each service.
 * Refresh: add a placeholder when a service with a new id format matters. An id that is missing here is
 * treated as any name.
 */
export const idForms: Readonly<Record<string, readonly string[]>> = {
  AccessPointId: ["fsap-0~16"],
  AllocationId: ["eipalloc-0~16"],
  ApiId: ["~10"],
  ClientVpnEndpointId: ["cvpn-endpoint-0~16"],
  ClusterId: ["j-~12"],
  DbiResourceId: ["db-~26", "cluster-~26"],
  DirectoryId: ["d-~10"],
  DistributionId: ["E~13", "E~12"],
  FileSystemId: ["fs-0~16"],
  Id: ["Z0~19", "Z~13"],
  ImageId: ["ami-0~16"],
  InstanceId: ["i-0~16", "mi-0~16", "ssoins-~16"],
  InternetGatewayId: ["igw-0~16"],
  KeyId: ["~8-~4-4~3-~4-~12", "mrk-~32"],
  LaunchTemplateId: ["lt-0~16"],
  NaclId: ["acl-0~16"],
  NatGatewayId: ["nat-0~16"],
  NetworkInterfaceId: ["eni-0~16"],
  PermissionSetId: ["ps-~16"],
  RouteTableId: ["rtb-0~16"],
  SecurityGroupId: ["sg-0~16"],
  SecurityGroupRuleId: ["sgr-0~16"],
  ServerId: ["s-~17"],
  SnapshotId: ["snap-0~16"],
  SubnetId: ["subnet-0~16"],
  TransitGatewayId: ["tgw-0~16"],
  UserPoolId: ["eu-west-1_~9", "us-east-1_~9"],
  VolumeId: ["vol-0~16", "fsvol-0~16"],
  VpcEndpointId: ["vpce-0~16"],
  VpcId: ["vpc-0~16"],
  VpcPeeringConnectionId: ["pcx-0~16"],
  WorkspaceId: ["ws-~9"],
};
