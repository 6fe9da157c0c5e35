import { colour, ink, palette } from './colours.js';

/**
 * One pure function per Teams chart type: the element's JSON in, an ECharts option and a sentence for screen readers out.
 * Property names after https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/charts-in-adaptive-cards
 *
 * @typedef {import('./colours.js').Theme} Theme
 * @typedef {{ x: string | number, y: number, color?: string }} Point
 * @typedef {{ legend?: string, title?: string, value?: number, size?: number, color?: string, x?: string | number, y?: number, values?: Point[], data?: Slice[] }} Slice
 * @typedef {{ type: string, title?: string, data?: Slice[], segments?: Slice[], colorSet?: string, color?: string, xAxisTitle?: string, yAxisTitle?: string, yMin?: number, yMax?: number, min?: number, max?: number, value?: number | string, valueColor?: string, valueFormat?: string, subLabel?: string, showMinMax?: boolean, showNeedle?: boolean, showBarValues?: boolean, showLegend?: boolean, stacked?: boolean, displayMode?: string, thickness?: string, showOutlines?: boolean }} Chart
 * @typedef {{ option: Record<string, unknown>, height: number, legend: { name: string, colour: string }[], spoken: string }} Drawing
 */

export const FONT =
  '"Segoe UI", "Segoe UI Web (West European)", -apple-system, Roboto, "Helvetica Neue", Arial, sans-serif';

const number = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 3 });
const compact = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumFractionDigits: 2 });
/** @param {number} value */
const axisNumber = (value) => (Math.abs(value) >= 10_000 ? compact.format(value) : number.format(value));

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T/;

/** @param {string | number} x */
function shortX(x) {
  const text = String(x);
  if (DAY.test(text))
    return new Date(`${text}T00:00:00Z`).toLocaleDateString('en-GB', {
      day: 'numeric',
      month: 'short',
      timeZone: 'UTC',
    });
  if (INSTANT.test(text)) return new Date(text).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  return text;
}

/** @param {Theme} theme */
const base = (theme) => ({
  animation: false,
  backgroundColor: 'transparent',
  textStyle: { fontFamily: FONT, fontSize: 12, color: ink(theme).text },
  aria: { enabled: false },
});

/** @param {Theme} theme @param {string} trigger */
const tooltip = (theme, trigger) => ({
  trigger,
  confine: true,
  backgroundColor: ink(theme).ground,
  borderColor: ink(theme).line,
  textStyle: { color: ink(theme).text, fontSize: 12, fontFamily: FONT },
  axisPointer: { lineStyle: { color: ink(theme).subtle, type: 'dashed' }, shadowStyle: { opacity: 0.2 } },
  renderMode: 'html',
  valueFormatter: (/** @type {unknown} */ value) =>
    typeof value === 'number' ? number.format(value) : String(value ?? 'unknown'),
});

/** @param {Theme} theme @param {Chart} chart */
const valueAxis = (theme, chart) => ({
  type: 'value',
  min: chart.yMin,
  max: chart.yMax,
  splitNumber: 4,
  axisLabel: { color: ink(theme).subtle, fontSize: 12, formatter: axisNumber, hideOverlap: true },
  splitLine: { lineStyle: { color: ink(theme).line } },
  axisLine: { show: false },
});

/** Room on the left for the numbers of the value axis, roughly. */
const AXIS_WIDTH = 56;
/** A label narrower than this says nothing; then some are left out instead. */
const LABEL_MIN_WIDTH = 34;

/**
 * Every name is shown, cut where it must be; with many, or in a narrow plot, only some.
 * @param {Theme} theme @param {(string | number)[]} xs @param {number} [plotWidth] pixels, 0 when not known yet
 */
const categoryAxis = (theme, xs, plotWidth = 0) => {
  const each = Math.floor((plotWidth - AXIS_WIDTH) / Math.max(1, xs.length)) - 6;
  const all = each >= LABEL_MIN_WIDTH;
  return {
    type: 'category',
    data: xs.map(shortX),
    axisLabel: {
      color: ink(theme).subtle,
      fontSize: 12,
      overflow: 'truncate',
      width: all ? each : 96,
      ...(all ? { interval: 0 } : { hideOverlap: true }),
    },
    axisLine: { lineStyle: { color: ink(theme).line } },
    axisTick: { show: false },
  };
};

const grid = { left: 2, right: 20, top: 10, bottom: 6, containLabel: true };

/** @param {(string | number)[]} xs */
const unique = (xs) => [...new Set(xs)];

/** @param {Slice} series */
const spokenSeries = (series) =>
  `${series.legend ?? 'Values'}: ${(series.values ?? []).map((point) => `${shortX(point.x)} ${number.format(point.y)}`).join(', ')}`;

/** @param {Chart} chart @param {string} kind @param {string} values */
const sentence = (chart, kind, values) =>
  [
    chart.title ? `${chart.title}, ${kind}.` : `${kind[0]?.toUpperCase()}${kind.slice(1)}.`,
    chart.yAxisTitle ? `Vertical axis ${chart.yAxisTitle}.` : '',
    values,
  ]
    .filter(Boolean)
    .join(' ');

/** @param {Chart} chart @param {Theme} theme @returns {Drawing} */
export function line(chart, theme) {
  const colours = palette(chart.colorSet, theme);
  const series = chart.data ?? [];
  const xs = unique(series.flatMap((one) => (one.values ?? []).map((point) => point.x)));
  const numeric = xs.length > 0 && xs.every((x) => typeof x === 'number');
  const dates = !numeric && xs.every((x) => DAY.test(String(x)) || INSTANT.test(String(x)));
  if (dates) xs.sort();
  const legend = series.map((one, i) => ({
    name: one.legend ?? `Series ${i + 1}`,
    colour:
      colour(one.color ?? (series.length === 1 ? chart.color : undefined), theme) ??
      colours[i % colours.length] ??
      '#888',
  }));
  return {
    height: 200,
    legend,
    spoken: sentence(chart, 'line chart', series.map(spokenSeries).join('; ')),
    option: {
      ...base(theme),
      grid,
      tooltip: tooltip(theme, 'axis'),
      xAxis: numeric
        ? { ...categoryAxis(theme, []), type: 'value', scale: true, data: undefined, splitLine: { show: false } }
        : { ...categoryAxis(theme, xs), boundaryGap: false },
      yAxis: valueAxis(theme, chart),
      series: series.map((one, i) => {
        const limit = isLimit(one);
        return {
          type: 'line',
          name: legend[i]?.name,
          data: numeric
            ? (one.values ?? []).map((point) => [point.x, point.y])
            : xs.map((x) => one.values?.find((point) => point.x === x)?.y ?? null),
          color: legend[i]?.colour,
          connectNulls: true,
          symbol: 'circle',
          symbolSize: 6,
          showSymbol: !limit && xs.length <= 16,
          lineStyle: { width: 2, type: limit ? 'dashed' : 'solid' },
        };
      }),
    },
  };
}

/** A series that stays at one value is a limit: dashed, so that colour is not the only sign. @param {Slice} series */
function isLimit(series) {
  const values = series.values ?? [];
  return (
    values.length > 1 &&
    /limit|threshold|budget|target|slo/i.test(series.legend ?? '') &&
    values.every((point) => point.y === values[0]?.y)
  );
}

/** @param {Chart} chart @param {Theme} theme @param {number} [plotWidth] @returns {Drawing} */
export function verticalBar(chart, theme, plotWidth) {
  const colours = palette(chart.colorSet, theme);
  const bars = chart.data ?? [];
  const only = colour(chart.color, theme) ?? colours[0];
  return {
    height: 200,
    legend: [],
    spoken: sentence(
      chart,
      'bar chart',
      bars.map((bar) => `${shortX(bar.x ?? '')} ${number.format(bar.y ?? 0)}`).join(', '),
    ),
    option: {
      ...base(theme),
      grid: { ...grid, top: chart.showBarValues ? 22 : 10 },
      tooltip: tooltip(theme, 'axis'),
      xAxis: categoryAxis(
        theme,
        bars.map((bar) => bar.x ?? ''),
        plotWidth,
      ),
      yAxis: valueAxis(theme, chart),
      series: [
        {
          type: 'bar',
          name: chart.yAxisTitle ?? chart.title ?? '',
          barMaxWidth: 48,
          itemStyle: { borderRadius: [3, 3, 0, 0] },
          label: {
            show: chart.showBarValues === true,
            position: 'top',
            color: ink(theme).text,
            fontSize: 12,
            formatter: valueLabel,
          },
          data: bars.map((bar) => ({ value: bar.y, itemStyle: { color: colour(bar.color, theme) ?? only } })),
        },
      ],
    },
  };
}

/** @param {{ value?: unknown }} item */
const valueLabel = (item) => (typeof item.value === 'number' ? axisNumber(item.value) : '');

/** @param {Chart} chart @param {Theme} theme @param {number} [plotWidth] @returns {Drawing} */
export function groupedBar(chart, theme, plotWidth) {
  const colours = palette(chart.colorSet, theme);
  const series = chart.data ?? [];
  const xs = unique(series.flatMap((one) => (one.values ?? []).map((point) => point.x)));
  const legend = series.map((one, i) => ({
    name: one.legend ?? `Series ${i + 1}`,
    colour: colour(one.color, theme) ?? colours[i % colours.length] ?? '#888',
  }));
  return {
    height: 220,
    legend,
    spoken: sentence(
      chart,
      chart.stacked ? 'stacked bar chart' : 'grouped bar chart',
      series.map(spokenSeries).join('; '),
    ),
    option: {
      ...base(theme),
      grid,
      tooltip: tooltip(theme, 'axis'),
      xAxis: categoryAxis(theme, xs, plotWidth),
      yAxis: valueAxis(theme, chart),
      series: series.map((one, i) => ({
        type: 'bar',
        name: legend[i]?.name,
        stack: chart.stacked ? 'all' : undefined,
        barMaxWidth: 32,
        barGap: '8%',
        itemStyle: { borderRadius: chart.stacked ? 0 : [2, 2, 0, 0] },
        color: legend[i]?.colour,
        data: xs.map((x) => {
          const point = one.values?.find((value) => value.x === x);
          return point
            ? { value: point.y, itemStyle: point.color ? { color: colour(point.color, theme) } : undefined }
            : null;
        }),
      })),
    },
  };
}

export { axisNumber, base, grid, number, sentence, shortX, tooltip, valueAxis };
