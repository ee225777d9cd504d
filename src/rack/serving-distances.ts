import { distance, type Profile } from "#spec";

/** From each GPU to each worker of a degree, by place and GPU; worked out once for a profile. */
export const distancesOf = (profile: Profile, tp: number): Uint8Array => {
  const byDegree = DISTANCES.get(profile) ?? new Map<number, Uint8Array>();
  DISTANCES.set(profile, byDegree);
  const gpus = profile.gpuCount.value;
  const known =
    byDegree.get(tp) ??
    Uint8Array.from({ length: (gpus / tp) * gpus }, (_, at) =>
      farFrom(profile, Math.floor(at / gpus), tp, at % gpus),
    );
  byDegree.set(tp, known);
  return known;
};

const DISTANCES = new WeakMap<Profile, Map<number, Uint8Array>>();

/** From a GPU to a worker. */
const farFrom = (profile: Profile, place: number, tp: number, from: number): number => {
  const first = place * tp;
  if (from >= first && from < first + tp) return 0;
  let far = 0;
  for (let gpu = first; gpu < first + tp; gpu += 1)
    far = Math.max(far, distance(profile, from, gpu));
  return far;
};
