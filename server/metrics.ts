/** What Prometheus asks for. https://prometheus.io/docs/concepts/metric_types/ */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Served } from '@/server/api/served';

export interface Metrics {
  readonly registry: Registry;
  observe(served: Served): void;
}

/** `ready` tells whether the server takes requests. */
export function createMetrics(ready: () => boolean): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'calmony_request_duration_seconds',
    help: 'Time to answer an API request, by route and status class.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  const errors = new Counter({
    name: 'calmony_request_errors_total',
    help: 'Refused API requests, by type and code.',
    labelNames: ['type', 'code'],
    registers: [registry],
  });
  registry.registerMetric(
    new Gauge({
      name: 'calmony_ready',
      help: '1 while requests are taken, 0 while starting and stopping.',
      registers: [],
      collect() {
        this.set(ready() ? 1 : 0);
      },
    }),
  );
  return {
    registry,
    observe({ endpoint, method, status, durationMs, error }) {
      const route = endpoint?.path ?? 'none';
      duration.observe(
        { method, route, status: `${Math.floor(status / 100)}xx` },
        durationMs / 1_000,
      );
      if (error !== null) errors.inc({ type: error.type, code: error.details.code ?? 'none' });
    },
  };
}
