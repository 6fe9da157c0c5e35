/**
 * `targetWidth`: an element that is shown only when its card is that wide. The library does not know it.
 * Limits in pixels after the documentation's four sizes.
 * https://learn.microsoft.com/adaptive-cards/authoring-cards/responsive-layout
 */
const ORDER = ['verynarrow', 'narrow', 'standard', 'wide'];
/** A card narrower than the n-th limit is of size n. */
const LIMITS = [216, 413, 620];

/** @param {number} width pixels */
export const sizeOf = (width) => {
  const index = LIMITS.findIndex((limit) => width < limit);
  return index < 0 ? ORDER.length - 1 : index;
};

/**
 * @param {string} target `Narrow`, `atLeast:Standard`, `atMost:Narrow`
 * @param {number} width pixels
 */
export function fits(target, width) {
  const [first, second] = target.toLowerCase().split(':');
  const wanted = ORDER.indexOf(second ?? first ?? '');
  if (wanted < 0) return true;
  const size = sizeOf(width);
  if (first === 'atleast') return size >= wanted;
  if (first === 'atmost') return size <= wanted;
  return size === wanted;
}

/**
 * @param {any} AC the library
 * @param {(element: any) => void} found called for every element that has a targetWidth
 */
export function registerWidths(AC, found) {
  const original = AC.CardElement.prototype.internalParse;
  AC.CardElement.prototype.internalParse = function parseWithWidth(
    /** @type {any} */ source,
    /** @type {any} */ context,
  ) {
    original.call(this, source, context);
    if (typeof source?.targetWidth === 'string') {
      this.targetWidth = source.targetWidth;
      found(this);
    }
  };
}

/** @param {any[]} elements @param {number} width */
export function applyWidth(elements, width) {
  if (width === 0) return;
  for (const element of elements) {
    const hidden = !fits(element.targetWidth, width);
    element.updateRenderedElementVisibility();
    if (!hidden) continue;
    for (const part of [element.renderedElement, element.separatorElement]) if (part) part.style.display = 'none';
  }
}
