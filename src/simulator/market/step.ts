/** Rounding of float prices to a venue's decimal step, to the double nearest to that decimal. */

export type Step = { readonly multiple: number; readonly scale: number };

/** '0.05' is 5 / 100; an integer step has scale 1. */
export function parseStep(text: string): Step {
  const decimals = text.split('.')[1]?.length ?? 0;
  const scale = 10 ** decimals;
  return { multiple: Math.round(Number(text) * scale), scale };
}

/** A hundredth of a step: the finer grid on which marks and indexes are quoted. */
export function hundredth(step: Step): Step {
  return { multiple: step.multiple, scale: step.scale * 100 };
}

/** The nearest multiple of the step. Monotone, so rounding keeps low <= open, close <= high. */
export function roundToStep(value: number, step: Step): number {
  return (Math.round((value * step.scale) / step.multiple) * step.multiple) / step.scale;
}
