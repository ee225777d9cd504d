import { describe, expect, it } from "vitest";
import { runReport } from "./run-report.ts";
import { RESULT } from "./testing/replay-result.ts";

const textOf = (files: readonly { path: string; text: string }[], path: string): string =>
  files.find((file) => file.path === path)?.text ?? `no ${path}`;

describe("runReport", () => {
  const files = runReport("conversation", RESULT);

  it("has what changes over time in a table of its own", () => {
    expect(textOf(files, "runs/conversation-over-time.csv")).toMatchInlineSnapshot(`
      "from_ns,busy_share,busy_max_over_mean,waiting
      0,0.75,1.5,1
      2000000000,0,,0
      "
    `);
    const idle = { ...RESULT.utilisation.over_time, busy_share: [] };
    const none = runReport("n", {
      ...RESULT,
      utilisation: { ...RESULT.utilisation, over_time: idle },
    });
    expect(textOf(none, "runs/n.md")).toContain("The run took no time.");
  });

  it("gives every invariant a verdict, and none for what never came up", () => {
    expect(textOf(files, "runs/conversation-invariants.csv")).toMatchInlineSnapshot(`
      "id,statement,evaluated,premise_true,violated,verdict
      RUN-1,time never goes back,9,9,0,holds
      RUN-2,a full pool evicts,9,0,0,never met
      RUN-3,a hit is present,9,3,1,violated
      "
    `);
  });

  it("reads as a page", () => {
    expect(textOf(files, "runs/conversation.md")).toMatchInlineSnapshot(`
      "# Run conversation

      One trace, replayed through the rack in virtual time.

      ## Measures

      Equal runs have equal digests, in any process.

      | Measure                                      |                  Value |
      | :------------------------------------------- | ---------------------: |
      | options.profile                              |               document |
      | options.deploy.llama-405b.weight_format      |                    fp4 |
      | options.deploy.llama-405b.kv_format          |                    fp8 |
      | options.deploy.llama-405b.tp                 |                      8 |
      | options.deploy.llama-405b.replicas           |                      – |
      | options.deploy.llama-405b.role               |                   both |
      | options.deploy.llama-405b.capacity_blocks    |                      – |
      | options.deploy.llama-405b.serves             |                      – |
      | options.calibration                          |               document |
      | options.policy                               |       kv-aware:bound=2 |
      | options.remote_hits                          |                  fetch |
      | options.block_tokens                         |                      – |
      | options.max_num_seqs                         |                    256 |
      | options.max_num_batched_tokens               |                  8,192 |
      | options.preemption                           |                 newest |
      | options.step_overhead_ns                     |                   0 ns |
      | options.event_delay_ns                       |                   0 ns |
      | options.oversized                            |                 refuse |
      | options.load.mode                            |                  trace |
      | options.load.rate_per_s                      |                      – |
      | options.load.concurrency                     |                      – |
      | options.load.speedup                         |                      1 |
      | options.load.from_ns                         |                      – |
      | options.load.to_ns                           |                      – |
      | options.load.jitter_ns                       |                   0 ns |
      | options.deadline_ns                          |                      – |
      | options.ttft_deadline_ns                     |                      – |
      | options.abandon                              |                      – |
      | options.slo.ttft_ns                          |                      – |
      | options.slo.tpot_ns                          |                      – |
      | options.slo.e2e_ns                           |                      – |
      | options.checks                               |                    all |
      | options.on_violation                         |                 record |
      | options.seed                                 |                      – |
      | rack.block_tokens                            |                     64 |
      | rack.deployments.0.kind                      | llama-405b/fp4/fp8/tp8 |
      | rack.deployments.0.role                      |                   both |
      | rack.deployments.0.workers                   |                      9 |
      | rack.deployments.0.capacity_blocks           |                  1,000 |
      | rack.deployments.0.block_bytes               |                 4.0 MB |
      | requests.total                               |                      5 |
      | requests.completed                           |                      3 |
      | requests.failed                              |                      1 |
      | requests.cancelled                           |                      1 |
      | requests.failed_at_source                    |                      0 |
      | failures.too long                            |                      1 |
      | cancellations.deadline                       |                      1 |
      | tokens.input                                 |                     30 |
      | tokens.output                                |                     12 |
      | tokens.computed                              |                     24 |
      | tokens_per_s.input                           |                     10 |
      | tokens_per_s.output                          |                      4 |
      | tokens_per_s.computed                        |                      8 |
      | goodput                                      |                      – |
      | hits.block_refs                              |                      8 |
      | hits.hit_blocks                              |                      2 |
      | hits.ratio_of_sums                           |                  0.250 |
      | hits.mean_of_ratios                          |                  0.125 |
      | hits.blocks_by_distance.local                |                      1 |
      | hits.blocks_by_distance.switch               |                      0 |
      | hits.blocks_by_distance.superchip            |                      0 |
      | hits.blocks_by_distance.domain               |                      0 |
      | hits.blocks_by_distance.rack                 |                      1 |
      | hits.infinite_cache.block_refs               |                      8 |
      | hits.infinite_cache.hit_blocks               |                      2 |
      | hits.infinite_cache.ratio_of_sums            |                  0.250 |
      | hits.infinite_cache.mean_of_ratios           |                  0.125 |
      | hits.infinite_cache.distinct_blocks          |                      6 |
      | queueing_ns.count                            |                      2 |
      | queueing_ns.mean                             |                 1.2 ms |
      | queueing_ns.p50                              |                 1.2 ms |
      | queueing_ns.p90                              |                 2.0 ms |
      | queueing_ns.p95                              |                 2.0 ms |
      | queueing_ns.p99                              |                 2.0 ms |
      | queueing_ns.max                              |                 2.0 ms |
      | queueing_ns.exact                            |                    yes |
      | ttft_ns.count                                |                      2 |
      | ttft_ns.mean                                 |                 1.2 ms |
      | ttft_ns.p50                                  |                 1.2 ms |
      | ttft_ns.p90                                  |                 2.0 ms |
      | ttft_ns.p95                                  |                 2.0 ms |
      | ttft_ns.p99                                  |                 2.0 ms |
      | ttft_ns.max                                  |                 2.0 ms |
      | ttft_ns.exact                                |                    yes |
      | itl_ns.count                                 |                      2 |
      | itl_ns.mean                                  |                 1.2 ms |
      | itl_ns.p50                                   |                 1.2 ms |
      | itl_ns.p90                                   |                 2.0 ms |
      | itl_ns.p95                                   |                 2.0 ms |
      | itl_ns.p99                                   |                 2.0 ms |
      | itl_ns.max                                   |                 2.0 ms |
      | itl_ns.exact                                 |                    yes |
      | tpot_ns.count                                |                      2 |
      | tpot_ns.mean                                 |                 1.2 ms |
      | tpot_ns.p50                                  |                 1.2 ms |
      | tpot_ns.p90                                  |                 2.0 ms |
      | tpot_ns.p95                                  |                 2.0 ms |
      | tpot_ns.p99                                  |                 2.0 ms |
      | tpot_ns.max                                  |                 2.0 ms |
      | tpot_ns.exact                                |                    yes |
      | e2e_ns.count                                 |                      2 |
      | e2e_ns.mean                                  |                 1.2 ms |
      | e2e_ns.p50                                   |                 1.2 ms |
      | e2e_ns.p90                                   |                 2.0 ms |
      | e2e_ns.p95                                   |                 2.0 ms |
      | e2e_ns.p99                                   |                 2.0 ms |
      | e2e_ns.max                                   |                 2.0 ms |
      | e2e_ns.exact                                 |                    yes |
      | percentiles.exact_up_to                      |                131,072 |
      | percentiles.relative_error                   |                  0.001 |
      | utilisation.busy_share                       |                  0.500 |
      | utilisation.by_deployment.0.workers          |                      9 |
      | utilisation.by_deployment.0.busy_share       |                  0.500 |
      | utilisation.by_deployment.0.busy_share_least |                      0 |
      | utilisation.by_deployment.0.busy_share_most  |                      1 |
      | utilisation.by_deployment.0.prefill_tokens   |                     24 |
      | utilisation.by_deployment.0.decode_tokens    |                     12 |
      | imbalance.requests_max_over_mean             |                  1.500 |
      | imbalance.tokens_max_over_mean               |                      – |
      | imbalance.busy_max_over_mean                 |                  1.500 |
      | evictions                                    |                      0 |
      | promotions                                   |                      0 |
      | preemptions                                  |                      0 |
      | swaps                                        |                      0 |
      | restarts                                     |                      0 |
      | staleness                                    |                      – |
      | transfers.count                              |                      1 |
      | transfers.blocks                             |                      1 |
      | transfers.bytes                              |                 4.0 MB |
      | transfers.bytes_by_distance.switch           |                    0 B |
      | transfers.bytes_by_distance.superchip        |                    0 B |
      | transfers.bytes_by_distance.domain           |                    0 B |
      | transfers.bytes_by_distance.rack             |                 4.0 MB |
      | transfers.fetched_bytes                      |                 4.0 MB |
      | transfers.handed_over_bytes                  |                    0 B |
      | span_ns                                      |                  3.0 s |
      | events                                       |                     12 |
      | digest                                       |                   00ff |
      | stopped                                      |                     no |
      | violations                                   |                      1 |

      ## Over time

      How busy the workers were in each interval, and how many requests waited at its end.

      |  From |  Busy | Busiest ÷ mean | Waiting |
      | ----: | ----: | -------------: | ------: |
      |  0 ns | 0.750 |          1.500 |       1 |
      | 2.0 s | 0.000 |              – |       0 |

      ## Invariants

      Looked at in every event of the run, not only at its end.

      | Id    | Statement            | Evaluated | Premise true | Violated | Verdict   |
      | :---- | :------------------- | --------: | -----------: | -------: | :-------- |
      | RUN-1 | time never goes back |         9 |            9 |        0 | holds     |
      | RUN-2 | a full pool evicts   |         9 |            0 |        0 | never met |
      | RUN-3 | a hit is present     |         9 |            3 |        1 | violated  |

      ## Violations

      The first of them, when there are any.

      | Id    |     At | Request | Off by |
      | :---- | -----: | ------: | -----: |
      | RUN-3 | 1.2 ms |       2 |      7 |
      "
    `);
  });
});
