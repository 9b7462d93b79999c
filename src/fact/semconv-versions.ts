/**
 * Versions of OpenTelemetry's conventions for generative AI that can be spoken. `1.41`: the last ones of the common
 * repository. `1.42`: those of the repository of their own, as most backends read them. `0.1`: its first release, v0.1.0,
 * in which tokens are counters.
 */
export const SEMCONV_VERSIONS = ["1.41", "1.42", "0.1"] as const;
export type SemconvVersion = (typeof SEMCONV_VERSIONS)[number];
export const DEFAULT_SEMCONV: SemconvVersion = "1.42";
