import { isRecord, type Node, nodesOf, textsOf } from './walk.ts';

/*
 * What cards.md asks of every card, as far as a machine can tell. Each rule gives the paths that break it.
 */

/** Elements of Adaptive Cards 1.5; everything else needs a fallback. */
const STANDARD =
  /^(TextBlock|Container|ColumnSet|Column|FactSet|ActionSet|Table|TableRow|TableCell|Input\..*|Action\..*|AdaptiveCard|mention)$/;

const typeOf = ({ value }: Node) => String(value.type);
const ofType = (card: unknown, pattern: RegExp) => nodesOf(card).filter((node) => pattern.test(typeOf(node)));

const notStandardWithoutFallback = (card: unknown): string[] =>
  nodesOf(card)
    .filter((node) => !STANDARD.test(typeOf(node)))
    .filter((node) => !isRecord(node.value.fallback))
    .map(({ path }) => `${path}: needs a fallback`);

const executeWithoutSubmit = (card: unknown): string[] =>
  ofType(card, /^Action\.Execute$/)
    .filter(({ value }) => {
      const fallback = value.fallback;
      const data = isRecord(fallback) ? fallback.data : undefined;
      const own = isRecord(value.data) ? value.data : {};
      const same =
        isRecord(data) && data.verb === value.verb && Object.entries(own).every(([key, item]) => data[key] === item);
      return !same || !isRecord(fallback) || fallback.type !== 'Action.Submit';
    })
    .map(({ path }) => `${path}: needs a Submit with the same verb and data`);

const tooManyPrimary = (card: unknown): string[] =>
  ofType(card, /^ActionSet$/)
    .filter(
      ({ value }) => (value.actions as Record<string, unknown>[]).filter((one) => one.mode !== 'secondary').length > 2,
    )
    .map(({ path }) => `${path}: more than two primary actions`);

const actionSets = (card: unknown): string[] =>
  nodesOf(card)
    .filter((node) => /^AdaptiveCard$/.test(typeOf(node)))
    .filter(
      ({ value }) =>
        ((value.body as unknown[]) ?? []).filter((part) => isRecord(part) && part.type === 'ActionSet').length > 1,
    )
    .map(({ path }) => `${path}: more than one row of buttons`);

const colourAlone = (card: unknown): string[] => [
  ...ofType(card, /^Badge$/)
    .filter(({ value }) => !value.text || !value.icon)
    .map(({ path }) => `${path}: a badge needs a word and an icon`),
  ...ofType(card, /^Chart\.HorizontalBar$/).flatMap(({ path, value }) =>
    (value.data as { x: string; color?: string }[])
      .filter(
        ({ color, x }) =>
          (color === 'attention' && !x.startsWith('▲ ')) || (color === 'warning' && !x.startsWith('◆ ')),
      )
      .map(({ x }) => `${path}: ${x} is told by its colour alone`),
  ),
];

const chartsWithoutWords = (card: unknown): string[] =>
  ofType(card, /^Chart\./).flatMap(({ path, value }) => {
    const fallback = value.fallback;
    const told = isRecord(fallback) && String(fallback.text).length > 10 && String(value.title).length > 10;
    const axes = value.xAxisTitle && (value.yAxisTitle || typeOf({ path, value }) === 'Chart.HorizontalBar.Stacked');
    return [
      ...(told ? [] : [`${path}: a chart needs its words`]),
      ...(axes ? [] : [`${path}: a chart needs axis titles`]),
    ];
  });

const pictures = (card: unknown): string[] => (ofType(card, /^Chart\./).length > 1 ? ['$: more than one picture'] : []);

const tooManyFacts = (card: unknown): string[] =>
  ofType(card, /^FactSet$/)
    .filter(({ value }) => (value.facts as unknown[]).length > 6)
    .map(({ path }) => `${path}: more than six facts`);

/** Dates are read in TextBlock and FactSet only, without fractions of a second. */
const dates = (card: unknown): string[] =>
  textsOf(card)
    .filter(({ text }) => text.includes('{{'))
    .filter(
      ({ path, text }) =>
        !/\.(text|value)$/.test(path) ||
        text
          .replace(/\{\{(DATE\([^()]*, SHORT|TIME\([^()]*)\)\}\}/g, (found) => (/:\d\dZ/.test(found) ? '' : found))
          .includes('{{'),
    )
    .map(({ path, text }) => `${path}: no date here: ${text}`);

/** Every `<at>` is a declared mention, and every declared mention is said. */
function mentions(card: unknown): string[] {
  const msteams = isRecord(card) && isRecord(card.msteams) ? card.msteams : {};
  const declared = ((msteams.entities as { text: string }[] | undefined) ?? []).map(({ text }) => text);
  const said = textsOf(isRecord(card) ? card.body : []).flatMap(
    ({ text }) => text.match(/<\/?at\b[^>]*>[^<]*(<\/at>)?/gi) ?? [],
  );
  return [
    ...said.filter((text) => !declared.includes(text)).map((text) => `$: ${text} is no declared mention`),
    ...declared.filter((text) => !said.includes(text)).map((text) => `$: ${text} is declared and not said`),
  ];
}

/** Nothing that hides, reorders or comes from a thrown object. */
const unclean = (card: unknown): string[] =>
  textsOf(card)
    .filter(({ text }) => /[\p{Cc}\u202A-\u202E\u2066\u2067\uFEFF]|undefined|NaN|\[object|Infinity/u.test(text))
    .map(({ path, text }) => `${path}: unclean text ${JSON.stringify(text)}`);

const shouting = (card: unknown): string[] =>
  textsOf(card)
    .filter(({ path, text }) => !path.includes('schema') && text.includes('!'))
    .map(({ path }) => `${path}: no exclamation marks`);

const RULES = [
  notStandardWithoutFallback,
  executeWithoutSubmit,
  tooManyPrimary,
  actionSets,
  colourAlone,
  chartsWithoutWords,
  pictures,
  tooManyFacts,
  dates,
  mentions,
  unclean,
  shouting,
];

/** Everything in which this card breaks the house's rules. */
export const ruleProblems = (card: unknown): string[] => RULES.flatMap((rule) => rule(card));
