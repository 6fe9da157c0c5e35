/**
 * The types of the wire, in one place: what a transport and a credential look like to the Azure SDK clients. The sandbox
 * estate implements `HttpClient`; everything above it (URLs, bearer policy, paging, long-running operations) stays real.
 */
export type { AccessToken, TokenCredential } from '@azure/core-auth';
export type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
export { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
