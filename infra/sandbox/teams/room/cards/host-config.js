/**
 * The host configuration of the Room, after that of Teams: https://learn.microsoft.com/adaptive-cards/rendering-cards/host-config
 * Colours are CSS variables (css/tokens.css), so a change of theme repaints a card without drawing it again and nobody
 * loses what they had typed into it.
 */

/** @param {string} name */
const text = (name) => ({ default: `var(--card-${name})`, subtle: `var(--card-${name}-subtle)` });

const foregroundColors = {
  default: text('text'),
  dark: { default: '#242424', subtle: '#616161' },
  light: { default: '#ffffff', subtle: '#e0e0e0' },
  accent: text('accent'),
  good: text('good'),
  warning: text('warning'),
  attention: text('attention'),
};

/** @param {string} name */
const ground = (name) => ({
  backgroundColor: `var(--card-ground-${name})`,
  borderColor: `var(--card-line-${name})`,
  foregroundColors,
  highlightBackgroundColor: 'var(--highlight)',
  highlightForegroundColor: 'var(--card-text)',
});

export const hostConfig = {
  supportsInteractivity: true,
  fontFamily: 'var(--font)',
  fontTypes: {
    default: {
      fontFamily: 'var(--font)',
      fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 },
      fontWeights: { lighter: 300, default: 400, bolder: 600 },
    },
    monospace: {
      fontFamily: 'var(--font-mono)',
      fontSizes: { small: 12, default: 13, medium: 14, large: 16, extraLarge: 20 },
      fontWeights: { lighter: 300, default: 400, bolder: 600 },
    },
  },
  lineHeights: { small: 16, default: 20, medium: 20, large: 24, extraLarge: 32 },
  spacing: { small: 4, default: 8, medium: 12, large: 16, extraLarge: 24, padding: 16 },
  separator: { lineThickness: 1, lineColor: 'var(--line)' },
  imageSizes: { small: 32, medium: 52, large: 100 },
  imageSet: { imageSize: 'medium', maxImageHeight: 100 },
  containerStyles: {
    default: { ...ground('default'), backgroundColor: 'transparent' },
    emphasis: ground('emphasis'),
    accent: ground('accent'),
    good: ground('good'),
    warning: ground('warning'),
    attention: ground('attention'),
  },
  textStyles: {
    heading: { size: 'large', weight: 'bolder', color: 'default', isSubtle: false, fontType: 'default' },
    columnHeader: { size: 'small', weight: 'bolder', color: 'default', isSubtle: true, fontType: 'default' },
  },
  textBlock: { headingLevel: 2 },
  actions: {
    maxActions: 6,
    spacing: 'medium',
    buttonSpacing: 8,
    showCard: { actionMode: 'inline', inlineTopMargin: 12, style: 'emphasis' },
    actionsOrientation: 'horizontal',
    actionAlignment: 'left',
    iconPlacement: 'leftOfTitle',
    iconSize: 16,
    allowTitleToWrap: true,
  },
  inputs: {
    label: {
      inputSpacing: 'small',
      requiredInputs: { weight: 'bolder', color: 'default', size: 'small', suffix: ' *', suffixColor: 'attention' },
      optionalInputs: { weight: 'bolder', color: 'default', size: 'small' },
    },
    errorMessage: { size: 'small', color: 'attention', weight: 'default', isSubtle: false },
    debounceTimeInMilliSeconds: 200,
  },
  factSet: {
    title: { color: 'default', size: 'default', isSubtle: true, weight: 'default', wrap: true, maxWidth: 180 },
    value: { color: 'default', size: 'default', isSubtle: false, weight: 'default', wrap: true },
    spacing: 16,
  },
  table: { cellSpacing: 8 },
  adaptiveCard: { allowCustomStyle: false },
  media: { allowInlinePlayback: false },
};
