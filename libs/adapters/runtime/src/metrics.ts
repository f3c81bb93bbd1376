import {
  AggregatorRegistry,
  Counter,
  Gauge,
  Histogram,
  Registry,
  type MetricObjectWithValues,
  type MetricValue,
} from 'prom-client';
import { soleFleet, type Fleet } from './fleet';

export interface HttpObservation {
  readonly method: string;
  /** The route's pattern, never the path itself: labels must stay few. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

export interface DecisionObservation {
  /** `attest` or `release`. */
  readonly kind: string;
  readonly outcome: string;
  /** The error code of a refusal. */
  readonly code?: string;
}

export interface Metrics {
  httpRequest(observation: HttpObservation): void;
  decision(observation: DecisionObservation): void;
  /** One more of what `name` counts; the same name always takes the same labels. */
  count(name: string, help: string, labels?: Readonly<Record<string, string>>): void;
  /** The Prometheus exposition text. */
  text(): Promise<string>;
  readonly contentType: string;
}

const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Upper bounds in seconds: an attestation costs below a millisecond, a cold one some tens. */
const DURATION_BUCKETS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

type Snapshot = MetricObjectWithValues<MetricValue<string>>[];
const TOPIC = 'metrics';

/**
 * A registry of its own for each service, because several services share a process in the ecosystem. Whichever process of a
 * fleet is asked tells the sums of all.
 */
export function createMetrics(service: string, fleet: Fleet = soleFleet()): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  const registers = [registry];
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATION_BUCKETS,
    registers,
  });
  const decisions = new Counter({
    name: 'touchstone_decisions_total',
    help: 'Attestations and releases by outcome.',
    labelNames: ['kind', 'outcome', 'code'],
    registers,
  });
  registerProcessGauges(registry);
  const counters = new Map<string, Counter>();
  fleet.handle(TOPIC, () => registry.getMetricsAsJSON());

  return {
    contentType: registry.contentType,
    text: async () => {
      if (fleet.size === 1) return registry.metrics();
      const snapshots = (await fleet.ask(TOPIC)) as Snapshot[];
      return AggregatorRegistry.aggregate(snapshots).metrics();
    },
    httpRequest: ({ method, route, status, seconds }) => {
      const known = KNOWN_METHODS.has(method) ? method : 'OTHER';
      durations.observe({ method: known, route, status }, seconds);
    },
    decision: ({ kind, outcome, code }) => decisions.inc({ kind, outcome, code: code ?? '' }),
    count: (name, help, labels = {}) => {
      const counter =
        counters.get(name) ??
        new Counter({ name, help, labelNames: Object.keys(labels), registers });
      counters.set(name, counter);
      counter.inc(labels);
    },
  };
}

function registerProcessGauges(registry: Registry): void {
  const registers = [registry];
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of the process.',
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Gauge({
    name: 'process_cpu_seconds',
    help: 'User and system time of the process.',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.set((user + system) / 1e6);
    },
  });
}
