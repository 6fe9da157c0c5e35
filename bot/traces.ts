import { DiagLogLevel, diag, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { isRefused, messageOf } from '../services/core/errors.ts';
import type { Log } from '../services/core/log.ts';
import type { Traced } from '../services/core/traces.ts';

/**
 * Spans to an OpenTelemetry collector (OTLP over HTTP, JSON), batched in the background: a collector that is down costs
 * spans and nothing else. Loaded only when an endpoint is configured. Headers, sampling and limits are read by the SDK
 * from its own variables (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).
 */
export interface Traces {
  traced: Traced;
  /** Sends what is left. */
  stop(): Promise<void>;
}

export function traces({ endpoint, log, mode }: { endpoint: string; log: Log; mode: string }): Traces {
  const warn = (message: string) => log.warn({ message: message.slice(0, 300) }, 'OpenTelemetry');
  diag.setLogger({ error: warn, warn, info() {}, debug() {}, verbose() {} }, DiagLogLevel.WARN);
  // The base address; each signal has its path below it (OTLP specification, "Endpoint URLs for OTLP/HTTP").
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'wardroom', 'deployment.environment.name': mode }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  // Also installs the context manager by which a span finds the one it is part of.
  provider.register();
  return {
    traced: tracedBy(provider.getTracer('wardroom')),
    stop: () =>
      provider.shutdown().catch((error) => log.warn({ error: messageOf(error) }, 'the last spans were not sent')),
  };
}

const tracedBy =
  (tracer: Tracer): Traced =>
  (name, attributes, work, options = { own: false }) =>
    tracer.startActiveSpan(name, { attributes, root: options.own, kind: SpanKind.INTERNAL }, async (span) => {
      try {
        return await work({
          rename: (known) => void span.updateName(known),
          note: (more) => void span.setAttributes(more),
          failed: (why) => void span.setStatus({ code: SpanStatusCode.ERROR, message: why }),
        });
      } catch (error) {
        // A refusal is an answer, not a fault.
        if (!isRefused(error)) span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error).slice(0, 300) });
        throw error;
      } finally {
        span.end();
      }
    });
