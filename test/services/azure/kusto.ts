import { createRequire } from 'node:module';

/**
 * The tables Azure Monitor documents (learn.microsoft.com/azure/azure-monitor/reference/tables), as far as our queries
 * use them, and Microsoft's own Kusto parser to bind a query against them.
 */
const TABLES: Readonly<Record<string, string>> = {
  AmlOnlineEndpointTrafficLog:
    'TimeGenerated: datetime, EndpointName: string, DeploymentName: string, OperationName: string, Method: string, Path: string, Protocol: string, AuthType: string, ResponseCode: int, ResponseCodeReason: string, ModelStatusCode: int, ModelStatusReason: string, RequestPayloadSize: int, ResponsePayloadSize: int, UserAgent: string, XRequestId: string, XMSClientRequestId: string, TotalDurationMs: int, RequestDurationMs: int, ResponseDurationMs: int, RequestThrottlingDelayMs: int, ResponseThrottlingDelayMs: int, IdentityData: string, Location: string, AzureMLWorkspaceId: string, AzureMLWorkspaceName: string, _ResourceId: string',
  AmlOnlineEndpointEventLog:
    'TimeGenerated: datetime, OperationName: string, InstanceId: string, DeploymentName: string, Name: string, Message: string, _ResourceId: string',
  // Custom tables of Wardroom's own (docs/rollout.md).
  WardroomScores_CL:
    'TimeGenerated: datetime, EndpointName: string, DeploymentName: string, CorrelationId: string, Score: real',
  WardroomOutcomes_CL:
    'TimeGenerated: datetime, EndpointName: string, DeploymentName: string, Outcome: string, Value: real',
  WardroomLabels_CL: 'TimeGenerated: datetime, EndpointName: string, CorrelationId: string, Label: int',
  AmlComputeJobEvent:
    'TimeGenerated: datetime, JobId: string, JobName: string, JobErrorMessage: string, ErrorDetails: string, EventType: string, ExecutionState: string, ProvisioningState: string, ExperimentId: string, ExperimentName: string, ClusterId: string, ClusterName: string, NodeId: string, WorkspaceName: string, ResourceGroupName: string, ToolType: string, TFWorkerCount: string',
  AmlComputeClusterEvent:
    'TimeGenerated: datetime, ClusterName: string, ClusterType: string, VmSize: string, VmPriority: string, CurrentNodeCount: int, TargetNodeCount: int, IdleNodeCount: int, RunningNodeCount: int, PreparingNodeCount: int, LeavingNodeCount: int, UnusableNodeCount: int, PreemptedNodeCount: int, QuotaAllocated: int, QuotaUtilized: int, NodeIdleTimeSecondsBeforeScaleDown: int',
  AmlRunStatusChangedEvent:
    'TimeGenerated: datetime, RunId: string, ParentRunId: string, RootRunId: string, Status: string, OperationName: string, ResultType: string, ResultSignature: string, ResultDescription: string, CorrelationId: string, Identity: string, Level: string, Message: string',
  AmlModelsEvent:
    'TimeGenerated: datetime, AadTenantId: string, AmlModelName: string, CorrelationId: string, Identity: dynamic, Level: string, OperationName: string, ResultSignature: string, ResultType: string, SourceSystem: string, _ResourceId: string',
};

/** The few members of the parser (compiled from C#) that are used here; its own typings do not load as a module. */
interface List<T> {
  Count: number;
  getItem(index: number): T;
}
interface Named {
  Name: string;
  Type?: { Name: string };
}
interface Kusto {
  Symbols: {
    TableSymbol: { $ctor7: new (name: string, schema: string, description: null) => object };
    DatabaseSymbol: { ctor: new (name: string, members: object[]) => object };
  };
  GlobalState: { Default: { WithDatabase(database: object): object } };
  KustoCode: {
    ParseAndAnalyze(
      text: string,
      globals: object,
    ): { GetDiagnostics(): List<{ Message: string; Start: number }>; ResultType: { Columns: List<Named> } };
  };
}

const require = createRequire(import.meta.url);
require('@kusto/language-service-next/bridge.js');
require('@kusto/language-service-next/Kusto.Language.Bridge.js');
const kusto = (globalThis as unknown as { Kusto: { Language: Kusto } }).Kusto.Language;

const tables = Object.entries(TABLES).map(
  ([name, schema]) => new kusto.Symbols.TableSymbol.$ctor7(name, `(${schema})`, null),
);
const globals = kusto.GlobalState.Default.WithDatabase(new kusto.Symbols.DatabaseSymbol.ctor('logs', tables));

const items = <T>(list: List<T>): T[] => Array.from({ length: list.Count }, (_, index) => list.getItem(index));

/** What the parser says of a query: its complaints, and the columns it answers with. */
export function analyse(query: string): { complaints: string[]; columns: Record<string, string> } {
  const code = kusto.KustoCode.ParseAndAnalyze(query, globals);
  return {
    complaints: items(code.GetDiagnostics()).map((each) => `${each.Start}: ${each.Message}`),
    columns: Object.fromEntries(items(code.ResultType.Columns).map((each) => [each.Name, each.Type?.Name ?? ''])),
  };
}
