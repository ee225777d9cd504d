/** Gangs that go wrong when GPUs are lost and regained. */
import { GangsModel, type GangWish } from "#rack";
import { broken } from "./subjects.ts";

type Loss = ReturnType<GangsModel["lose"]>;
type Regain = ReturnType<GangsModel["regain"]>;

export const LOSS_MUTANTS = {
  "places on lost GPUs": broken(
    class extends GangsModel {
      override pack(
        free: ReadonlySet<number>,
        groups: readonly number[],
        wishes: readonly GangWish[],
      ) {
        return super.pack(new Set([...free, ...this.lost]), groups, wishes);
      }
    },
  ),

  "ends only the group that a lost GPU is in": broken(
    class extends GangsModel {
      protected override loseAll(gpus: readonly number[]): Loss {
        const hit = [...this.gangs.values()].filter(({ groups }) => groups.length > 1);
        const reply = super.loseAll(gpus);
        for (const gang of hit) {
          const groups = gang.groups.filter((group) => !group.some((gpu) => gpus.includes(gpu)));
          if (!this.gangs.has(gang.owner) && groups.length > 0) {
            this.gangs.set(gang.owner, { ...gang, groups });
          }
        }
        return reply;
      }
    },
  ),

  "ends every gang of the domain that loses a GPU": broken(
    class extends GangsModel {
      protected override loseAll(gpus: readonly number[]): Loss {
        const domain = this.domainOf(gpus[0] ?? 0);
        const neighbours = [...this.gangs.values()].filter(({ groups }) =>
          groups.some((group) => this.domainOf(group[0] ?? 0) === domain),
        );
        const reply = super.loseAll(gpus);
        if (reply.kind === "refused") return reply;
        for (const gang of neighbours) if (this.gangs.has(gang.owner)) this.end(gang, "lost");
        return { kind: "lost", ended: neighbours.map(({ owner }) => owner) };
      }
    },
  ),

  "loses a GPU and leaves its gang running": broken(
    class extends GangsModel {
      override lose(gpu: number): Loss {
        if (this.lost.has(gpu)) return super.lose(gpu);
        this.lost.add(gpu);
        return { kind: "lost", ended: [] };
      }
    },
  ),

  "does not report whom a lost domain ended": broken(
    class extends GangsModel {
      override loseDomain(domain: number): Loss {
        const reply = super.loseDomain(domain);
        return reply.kind === "lost" ? { kind: "lost", ended: [] } : reply;
      }
    },
  ),

  "loses a GPU that is lost": broken(
    class extends GangsModel {
      override lose(gpu: number): Loss {
        return this.lost.has(gpu) ? { kind: "lost", ended: [] } : super.lose(gpu);
      }
    },
  ),

  "regains the whole domain with one GPU": broken(
    class extends GangsModel {
      override regain(gpu: number): Regain {
        const reply = super.regain(gpu);
        if (reply.kind === "regained") super.regainDomain(this.domainOf(gpu));
        return reply;
      }
    },
  ),

  "never gets a lost GPU back": broken(
    class extends GangsModel {
      protected override regainAll(gpus: readonly number[]): Regain {
        return gpus.some((gpu) => this.lost.has(gpu))
          ? { kind: "regained" }
          : super.regainAll(gpus);
      }
    },
  ),

  "keeps away from a domain of which a GPU has come back": broken(
    class extends GangsModel {
      readonly #suspect = new Set<number>();
      protected override regainAll(gpus: readonly number[]): Regain {
        const reply = super.regainAll(gpus);
        if (reply.kind === "regained") this.#suspect.add(this.domainOf(gpus[0] ?? 0));
        return reply;
      }
      override pack(
        free: ReadonlySet<number>,
        groups: readonly number[],
        wishes: readonly GangWish[],
      ) {
        const trusted = [...free].filter((gpu) => !this.#suspect.has(this.domainOf(gpu)));
        return super.pack(new Set(trusted), groups, wishes);
      }
    },
  ),
} as const;
