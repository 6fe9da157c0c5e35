import { isRecord } from './walk.ts';

/*
 * What a card may hold, written down from the Adaptive Cards 1.5 schema
 * (https://github.com/microsoft/AdaptiveCards/blob/main/schemas/1.5.0/adaptive-card.json) and, for the Teams elements,
 * from the typings of @microsoft/teams.cards. Only what Wardroom writes is listed: anything else is an error until
 * somebody has looked it up and added it here.
 */

type Check = (value: unknown, path: string) => string[];

const wrong = (path: string, value: unknown, wanted: string) => [`${path}: ${JSON.stringify(value)} is not ${wanted}`];

const text: Check = (value, path) => (typeof value === 'string' ? [] : wrong(path, value, 'text'));
const flag: Check = (value, path) => (typeof value === 'boolean' ? [] : wrong(path, value, 'true or false'));
const number: Check = (value, path) => (typeof value === 'number' ? [] : wrong(path, value, 'a number'));
const oneOf =
  (...words: readonly string[]): Check =>
  (value, path) =>
    words.includes(String(value)) ? [] : wrong(path, value, `one of ${words.join(', ')}`);
const matching =
  (pattern: RegExp): Check =>
  (value, path) =>
    typeof value === 'string' && pattern.test(value) ? [] : wrong(path, value, String(pattern));
const either =
  (...checks: readonly Check[]): Check =>
  (value, path) => {
    const found = checks.map((check) => check(value, path));
    return found.some((problems) => problems.length === 0) ? [] : found.flat();
  };
const listOf =
  (check: Check): Check =>
  (value, path) =>
    Array.isArray(value)
      ? value.flatMap((item, index) => check(item, `${path}[${index}]`))
      : wrong(path, value, 'a list');

type Shape = Readonly<Record<string, Check>>;

/** An object with these properties and no other; those that end in `!` are required. */
const shape =
  (properties: Shape): Check =>
  (value, path) => {
    if (!isRecord(value)) return wrong(path, value, 'an object');
    const known = new Map(Object.entries(properties).map(([name, check]) => [name.replace('!', ''), check]));
    const missing = Object.keys(properties)
      .filter((name) => name.endsWith('!') && !(name.slice(0, -1) in value))
      .map((name) => `${path}: ${name.slice(0, -1)} is missing`);
    const problems = Object.entries(value).flatMap(([name, item]) => {
      const check = known.get(name);
      return check ? check(item, `${path}.${name}`) : [`${path}: ${name} is not a known property`];
    });
    return [...missing, ...problems];
  };

const typed =
  (types: () => Readonly<Record<string, Shape>>): Check =>
  (value, path) => {
    const type = isRecord(value) ? String(value.type) : undefined;
    const properties = type === undefined ? undefined : types()[type];
    return properties ? shape({ 'type!': text, ...properties })(value, path) : [`${path}: unknown type ${type}`];
  };

const element: Check = typed(() => ELEMENTS);
const action: Check = typed(() => ACTIONS);
const executeOnly: Check = (value, path) =>
  isRecord(value) && value.type === 'Action.Execute' ? action(value, path) : wrong(path, value, 'Action.Execute');

const color = oneOf('Default', 'Dark', 'Light', 'Accent', 'Good', 'Warning', 'Attention');
const spacing = oneOf('None', 'Small', 'Default', 'Medium', 'Large', 'ExtraLarge', 'Padding');
const horizontal = oneOf('Left', 'Center', 'Right');
const vertical = oneOf('Top', 'Center', 'Bottom');
const chartColor = oneOf('good', 'warning', 'attention', 'neutral', 'categoricalBlue');
const data: Check = (value, path) => {
  if (!isRecord(value)) return wrong(path, value, 'an object');
  return Object.entries(value).flatMap(([name, item]) => text(item, `${path}.${name}`));
};

const anyElement: Shape = {
  id: text,
  isVisible: flag,
  separator: flag,
  spacing,
  height: oneOf('auto', 'stretch'),
  fallback: either(oneOf('drop'), element),
  targetWidth: matching(/^(at(Least|Most):)?(VeryNarrow|Narrow|Standard|Wide)$/i),
};
const anyInput: Shape = { ...anyElement, 'id!': text, 'label!': text, 'errorMessage!': text, isRequired: flag };
const anyChart: Shape = {
  ...anyElement,
  'title!': text,
  showTitle: flag,
  showLegend: flag,
  colorSet: text,
  maxWidth: text,
  xAxisTitle: text,
  yAxisTitle: text,
  color: chartColor,
};
const point = shape({ 'x!': either(number, matching(/^\d{4}-\d\d-\d\d$/)), 'y!': number });
const bar = shape({ 'x!': text, 'y!': number, color: chartColor });
const tableCell = shape({ 'type!': oneOf('TableCell'), 'items!': listOf(element) });
const tableRow = shape({ 'type!': oneOf('TableRow'), 'cells!': listOf(tableCell) });

const ELEMENTS: Readonly<Record<string, Shape>> = {
  TextBlock: {
    ...anyElement,
    'text!': text,
    color,
    fontType: oneOf('Default', 'Monospace'),
    horizontalAlignment: horizontal,
    isSubtle: flag,
    maxLines: number,
    size: oneOf('Default', 'Small', 'Medium', 'Large', 'ExtraLarge'),
    style: oneOf('default', 'heading', 'columnHeader'),
    weight: oneOf('Default', 'Lighter', 'Bolder'),
    wrap: flag,
  },
  // `themedUrls` is a Teams element's (Image.themedUrls of @microsoft/teams.cards).
  Image: {
    ...anyElement,
    'url!': matching(/^https:\/\/[^ ]+\.png$/),
    'altText!': text,
    size: oneOf('Auto', 'Stretch', 'Small', 'Medium', 'Large'),
    themedUrls: listOf(shape({ 'theme!': oneOf('Light', 'Dark'), 'url!': matching(/^https:\/\/[^ ]+\.png$/) })),
  },
  Container: { ...anyElement, 'items!': listOf(element), selectAction: action, style: text, bleed: flag },
  ColumnSet: { ...anyElement, 'columns!': listOf(typed(() => ({ Column: COLUMN }))), selectAction: action },
  FactSet: { ...anyElement, 'facts!': listOf(shape({ 'title!': text, 'value!': text })) },
  ActionSet: { ...anyElement, 'actions!': listOf(action) },
  Table: {
    ...anyElement,
    'columns!': listOf(
      shape({ width: either(number, matching(/^\d+px$/)), horizontalCellContentAlignment: horizontal }),
    ),
    'rows!': listOf(tableRow),
    // The published schema says firstRowAsHeader; every renderer and the typings read firstRowAsHeaders.
    firstRowAsHeaders: flag,
    showGridLines: flag,
    gridStyle: text,
  },
  'Input.Text': { ...anyInput, placeholder: text, maxLength: number, isMultiline: flag, value: text, regex: text },
  'Input.Number': { ...anyInput, placeholder: text, min: number, max: number, value: number },
  'Input.ChoiceSet': {
    ...anyInput,
    'choices!': listOf(shape({ 'title!': text, 'value!': text })),
    value: text,
    style: oneOf('compact', 'expanded', 'filtered'),
  },
  Badge: {
    ...anyElement,
    'text!': text,
    icon: matching(/^[A-Z][A-Za-z]+$/),
    iconPosition: oneOf('Before', 'After'),
    appearance: oneOf('Filled', 'Tint'),
    size: oneOf('Medium', 'Large', 'ExtraLarge'),
    shape: oneOf('Square', 'Rounded', 'Circular'),
    style: oneOf('Default', 'Subtle', 'Informative', 'Accent', 'Good', 'Attention', 'Warning'),
    tooltip: text,
  },
  ProgressBar: { ...anyElement, value: number, max: number, color: oneOf('Accent', 'Good', 'Warning', 'Attention') },
  'Chart.HorizontalBar': {
    ...anyChart,
    displayMode: oneOf('AbsoluteWithAxis', 'AbsoluteNoAxis', 'PartToWhole'),
    'data!': listOf(bar),
  },
  'Chart.HorizontalBar.Stacked': {
    ...anyChart,
    'data!': listOf(
      shape({ 'title!': text, 'data!': listOf(shape({ 'legend!': text, 'value!': number, color: chartColor })) }),
    ),
  },
  'Chart.Line': {
    ...anyChart,
    yMin: number,
    yMax: number,
    'data!': listOf(shape({ 'legend!': text, color: chartColor, 'values!': listOf(point) })),
  },
};

const COLUMN: Shape = {
  ...anyElement,
  'items!': listOf(element),
  width: matching(/^(auto|stretch|\d+px)$/),
  verticalContentAlignment: vertical,
  selectAction: action,
};

const anyAction: Shape = {
  id: text,
  title: text,
  tooltip: text,
  style: oneOf('default', 'positive', 'destructive'),
  mode: oneOf('primary', 'secondary'),
  isEnabled: flag,
  fallback: either(oneOf('drop'), action),
};
const associatedInputs = oneOf('auto', 'none');

const ACTIONS: Readonly<Record<string, Shape>> = {
  'Action.Execute': { ...anyAction, 'verb!': matching(/^[a-z]+\.[a-z-]+$/), data, associatedInputs },
  'Action.Submit': { ...anyAction, data, associatedInputs },
  'Action.OpenUrl': { ...anyAction, 'url!': matching(/^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost)[:/])/) },
  'Action.ToggleVisibility': { ...anyAction, 'targetElements!': listOf(text) },
  'Action.ShowCard': {
    ...anyAction,
    'card!': shape({ 'type!': oneOf('AdaptiveCard'), version: oneOf('1.5'), 'body!': listOf(element) }),
  },
};

const mention = shape({
  'type!': oneOf('mention'),
  'text!': matching(/^<at>[^<>]+<\/at>$/),
  'mentioned!': shape({ 'id!': text, 'name!': text }),
});

const CARD = shape({
  'type!': oneOf('AdaptiveCard'),
  'version!': oneOf('1.5'),
  $schema: text,
  'fallbackText!': text,
  'speak!': text,
  'body!': listOf(element),
  actions: listOf(action),
  refresh: shape({ 'action!': executeOnly, 'userIds!': listOf(text) }),
  msteams: shape({ width: oneOf('full'), entities: listOf(mention) }),
});

/** What in this card is not in the schema; empty when it is valid. */
export const schemaProblems = (card: unknown): string[] => CARD(card, '$');
