/** What a run that failed leaves behind: the error that run history tells, and the end of its log. */
export interface FailureSeed {
  code: string;
  message: string;
  log: readonly string[];
}

/** By the reason of the scenario. Logs hold what real ones hold, secrets included: whoever shows them must cut those. */
export const FAILURES: Readonly<Record<string, FailureSeed>> = {
  OutOfMemory: {
    code: 'UserError',
    message: 'Execution failed. User process exited with code -9.',
    log: [
      'Loading 48,211,904 rows from /mnt/azureml/inputs/training/transactions.parquet',
      'numpy.core._exceptions._ArrayMemoryError: Unable to allocate 58.4 GiB for an array with shape (48211904, 163)',
      'Killed',
    ],
  },
  QuotaExceeded: {
    code: 'ResourceOperationFailure',
    message: 'Operation could not be completed as it results in exceeding approved standardDSv5Family Cores quota.',
    log: ['Waiting for 8 nodes of Standard_D16s_v5', 'AmlCompute: QuotaExceeded: Current Usage: 96, Limit: 100'],
  },
  DataMissing: {
    code: 'DataAccessError',
    message: 'The specified blob does not exist.',
    log: [
      'Mounting azureml://datastores/workspaceblobstore/paths/features/2026-11-23/',
      'azureml.dataprep.rslex.StreamError(NotFound): StreamError(NotFound) ScriptExecution.StreamAccess.NotFound',
      "FileNotFoundError: [Errno 2] No such file or directory: '/mnt/azureml/inputs/training/part-0000.parquet'",
    ],
  },
  CredentialExpired: {
    code: 'AuthenticationError',
    message: 'Server failed to authenticate the request.',
    log: [
      'Connecting with DefaultEndpointsProtocol=https;AccountName=mlwpaymentsweust;AccountKey=c2VjcmV0LW5vdC1mb3ItcmVhbC11c2UtMDAwMA==;EndpointSuffix=core.windows.net',
      'GET https://mlwpaymentsweust.blob.core.windows.net/features/x?sv=2024-11-04&sig=aGVsbG8lMjB0aGVyZQ%3D%3D&se=2026-11-22 -> 403',
      'azure.core.exceptions.ClientAuthenticationError: AuthenticationFailed: Signature not valid in the specified time frame',
    ],
  },
  CodeError: {
    code: 'UserError',
    message: 'Execution failed. User process exited with code 1.',
    log: [
      'Traceback (most recent call last):',
      '  File "train.py", line 88, in <module>',
      "    frame['merchant_category'].map(CODES).astype('int16')",
      "KeyError: 'merchant_category'",
    ],
  },
  Timeout: {
    code: 'JobTimeout',
    message: 'The job was cancelled because it exceeded its limit of 7200 seconds.',
    log: ['epoch 41/60 loss=0.1187', 'The job exceeded its timeout of PT2H and is being cancelled'],
  },
  NodePreempted: {
    code: 'NodePreempted',
    message: 'The node was preempted while the job ran.',
    log: ['epoch 12/60 loss=0.2311', 'Received SIGTERM: low priority node is being preempted'],
  },
  ImageBuild: {
    code: 'ImageBuildFailure',
    message: 'Environment image build failed.',
    log: [
      'Step 7/12 : RUN pip install -r requirements.txt',
      'ERROR: Could not find a version that satisfies the requirement scikit-learn==1.9.9',
      'ERROR: No matching distribution found for scikit-learn==1.9.9',
    ],
  },
};

export const failureOf = (reason: string): FailureSeed =>
  FAILURES[reason] ?? { code: 'UserError', message: `Execution failed: ${reason}.`, log: [reason] };

/** The whole log of a failed run: what came before is as long as real ones are. */
export const logOf = (reason: string, startedAt: number): string =>
  [
    ...Array.from(
      { length: 400 },
      (_, i) => `${new Date(startedAt + i * 2000).toISOString()} INFO step ${i} of preprocessing done`,
    ),
    ...failureOf(reason).log,
    '',
  ].join('\n');
