import type { Activity, Share } from "../../src/traffic/waterfall.ts";
import { duration, percent } from "../ui/format.ts";
import { ACTIVITY_NAMES } from "./activities.ts";

/** Where the time of a turn went, as one bar. */
export function ShareBar({ shares }: { readonly shares: readonly Share[] }) {
  const total = totalOf(shares);
  const label = shares
    .map(({ activity, ms }) => `${ACTIVITY_NAMES[activity]} ${duration(ms)}`)
    .join(", ");
  let at = 0;
  const stops = shares.map(({ activity, ms }) => {
    const from = at;
    at += total === 0 ? 0 : (100 * ms) / total;
    return `var(--${activity}) ${from.toFixed(2)}% ${at.toFixed(2)}%`;
  });
  const image = `linear-gradient(to right, ${stops.join(", ")})`;
  return (
    <span
      class="share-bar"
      role="img"
      aria-label={label}
      title={label}
      style={stops.length === 0 ? {} : { backgroundImage: image }}
    />
  );
}

/** The same shares with names and figures. */
export function ShareList({ shares }: { readonly shares: readonly Share[] }) {
  const total = totalOf(shares);
  return (
    <ul class="share-list">
      {shares.map(({ activity, ms }) => (
        <li key={activity}>
          <Swatch activity={activity} />
          <span>{ACTIVITY_NAMES[activity]}</span>
          <span class="figure">{duration(ms)}</span>
          <span class="figure muted">{percent(ms / total)}</span>
        </li>
      ))}
    </ul>
  );
}

export function Swatch({ activity }: { readonly activity: Activity }) {
  return <span class={`swatch activity ${activity}`} />;
}

function totalOf(shares: readonly Share[]): number {
  return shares.reduce((sum, { ms }) => sum + ms, 0);
}
