import type { ActionsByOperation } from "./action-exceptions.ts";

const create = { needs: ["cassandra:Create"], mayUse: ["cassandra:CreateMultiRegionResource"] };
const createTagged = { ...create, mayUse: [...create.mayUse, "cassandra:TagResource"] };
const drop = { needs: ["cassandra:Drop"], mayUse: ["cassandra:DropMultiRegionResource"] };
const select = { needs: ["cassandra:Select"], mayUse: ["cassandra:SelectMultiRegionResource"] };

/**
 * Operations of Amazon Keyspaces, whose actions are those of Cassandra's statements.
 *
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_keyspaces.html (API operations),
 * https://docs.aws.amazon.com/keyspaces/latest/devguide/howitworks_restore_permissions.html and
 * https://docs.aws.amazon.com/keyspaces/latest/devguide/howitworks_replication_permissions_addReplica.html.
 * Refresh: policy/test/code/operations.spec.ts reports actions that the Service Authorization Reference lacks.
 */
export const keyspacesActions: ActionsByOperation = {
  CreateKeyspace: createTagged,
  CreateTable: createTagged,
  CreateType: create,
  DeleteKeyspace: drop,
  DeleteTable: drop,
  DeleteType: drop,
  GetKeyspace: select,
  GetTable: select,
  GetTableAutoScalingSettings: select,
  GetType: select,
  ListKeyspaces: select,
  ListTables: select,
  ListTagsForResource: select,
  ListTypes: select,
  RestoreTable: {
    needs: ["cassandra:Restore", "cassandra:Select"],
    mayUse: ["cassandra:RestoreMultiRegionTable", "cassandra:TagResource", ...select.mayUse],
  },
  UpdateKeyspace: {
    needs: ["cassandra:Alter"],
    // To add a Region.
    mayUse: [
      "cassandra:AlterMultiRegionResource",
      ...createTagged.needs,
      ...createTagged.mayUse,
      "cassandra:TagMultiRegionResource",
      ...select.needs,
      ...select.mayUse,
      "cassandra:Modify",
      "cassandra:ModifyMultiRegionResource",
    ],
  },
  UpdateTable: { needs: ["cassandra:Alter"], mayUse: ["cassandra:AlterMultiRegionResource"] },
};

/** A query, which may also write and delete. */
const query = {
  needs: [
    [
      "neptune-db:ReadDataViaQuery",
      "neptune-db:WriteDataViaQuery",
      "neptune-db:DeleteDataViaQuery",
    ],
  ],
};

/**
 * Operations of Neptune's data API. Gremlin, openCypher and SPARQL share actions.
 *
 * Source: the documentation of each operation in botocore's model of `neptunedata`.
 * https://docs.aws.amazon.com/neptune/latest/userguide/iam-dp-actions.html
 * Refresh: as above.
 */
export const neptuneActions: ActionsByOperation = {
  CancelGremlinQuery: "neptune-db:CancelQuery",
  CancelOpenCypherQuery: "neptune-db:CancelQuery",
  DeletePropertygraphStatistics: "neptune-db:DeleteStatistics",
  DeleteSparqlStatistics: "neptune-db:DeleteStatistics",
  ExecuteFastReset: "neptune-db:ResetDatabase",
  ExecuteGremlinExplainQuery: query,
  ExecuteGremlinProfileQuery: "neptune-db:ReadDataViaQuery",
  ExecuteGremlinQuery: query,
  ExecuteOpenCypherExplainQuery: "neptune-db:ReadDataViaQuery",
  ExecuteOpenCypherQuery: query,
  GetGremlinQueryStatus: "neptune-db:GetQueryStatus",
  GetMLDataProcessingJob: "neptune-db:GetMLDataProcessingJobStatus",
  GetMLEndpoint: "neptune-db:GetMLEndpointStatus",
  GetMLModelTrainingJob: "neptune-db:GetMLModelTrainingJobStatus",
  GetMLModelTransformJob: "neptune-db:GetMLModelTransformJobStatus",
  GetOpenCypherQueryStatus: "neptune-db:GetQueryStatus",
  GetPropertygraphStatistics: "neptune-db:GetStatisticsStatus",
  GetPropertygraphStream: "neptune-db:GetStreamRecords",
  GetPropertygraphSummary: "neptune-db:GetGraphSummary",
  GetRDFGraphSummary: "neptune-db:GetGraphSummary",
  GetSparqlStatistics: "neptune-db:GetStatisticsStatus",
  GetSparqlStream: "neptune-db:GetStreamRecords",
  ListGremlinQueries: "neptune-db:GetQueryStatus",
  ListOpenCypherQueries: "neptune-db:GetQueryStatus",
  ManagePropertygraphStatistics: "neptune-db:ManageStatistics",
  ManageSparqlStatistics: "neptune-db:ManageStatistics",
};
