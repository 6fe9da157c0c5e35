import { axisNumber, base, FONT, number, sentence, shortX, tooltip } from './chart-options.js';
import { colour, ink, palette } from './colours.js';

/**
 * Charts of parts and of single values: horizontal bars, stacks, donut, pie, gauge.
 * @typedef {import('./chart-options.js').Chart} Chart
 * @typedef {import('./chart-options.js').Drawing} Drawing
 * @typedef {import('./colours.js').Theme} Theme
 */

/** @param {Theme} theme @param {string[]} names */
const sideAxis = (theme, names) => ({
  type: 'category',
  inverse: true,
  data: names,
  axisLabel: { color: ink(theme).text, fontSize: 12, width: 160, overflow: 'truncate' },
  axisLine: { show: false },
  axisTick: { show: false },
});

/** @param {Chart} chart @param {Theme} theme @returns {Drawing} */
export function horizontalBar(chart, theme) {
  const colours = palette(chart.colorSet, theme);
  const bars = chart.data ?? [];
  const only = colour(chart.color, theme) ?? colours[0];
  const mode = (chart.displayMode ?? 'AbsoluteWithAxis').toLowerCase();
  const withAxis = mode === 'absolutewithaxis';
  const whole = mode === 'parttowhole' ? bars.reduce((sum, bar) => sum + (bar.y ?? 0), 0) : undefined;
  const label = (/** @type {{ value?: unknown }} */ item) =>
    typeof item.value !== 'number'
      ? ''
      : whole
        ? `${Math.round((100 * item.value) / whole)} %`
        : axisNumber(item.value);
  return {
    height: Math.max(64, bars.length * 32 + (withAxis ? 28 : 4)),
    legend: [],
    spoken: sentence(
      chart,
      'bar chart',
      bars.map((bar) => `${shortX(bar.x ?? '')} ${number.format(bar.y ?? 0)}`).join(', '),
    ),
    option: {
      ...base(theme),
      grid: { left: 2, right: 52, top: 2, bottom: withAxis ? 6 : 2, containLabel: true },
      tooltip: tooltip(theme, 'item'),
      xAxis: {
        type: 'value',
        show: withAxis,
        max: whole,
        splitNumber: 4,
        // Half a run, half a page: what is counted has no such ticks.
        minInterval: bars.every(({ y }) => Number.isInteger(y ?? 0)) ? 1 : 0,
        axisLabel: { color: ink(theme).subtle, fontSize: 12, formatter: axisNumber, hideOverlap: true },
        splitLine: { lineStyle: { color: ink(theme).line } },
      },
      yAxis: sideAxis(
        theme,
        bars.map((bar) => shortX(bar.x ?? '')),
      ),
      series: [
        {
          type: 'bar',
          barWidth: 14,
          showBackground: !withAxis,
          backgroundStyle: { color: ink(theme).track, borderRadius: 3 },
          itemStyle: { borderRadius: 3 },
          label: {
            show: true,
            position: 'right',
            color: ink(theme).text,
            fontSize: 12,
            fontFamily: FONT,
            formatter: label,
          },
          data: bars.map((bar) => ({
            value: bar.y,
            name: String(bar.x ?? ''),
            itemStyle: { color: colour(bar.color, theme) ?? only },
          })),
        },
      ],
    },
  };
}

/** Of the longest row: a narrower part has no room for its number. */
const LABELLED_FROM = 0.08;

/** @param {Chart} chart @param {Theme} theme @returns {Drawing} */
export function horizontalStack(chart, theme) {
  const colours = palette(chart.colorSet, theme);
  const rows = chart.data ?? [];
  const names = [...new Set(rows.flatMap((row) => (row.data ?? []).map((part) => part.legend ?? '')))];
  const legend = names.map((name, i) => {
    const own = rows.flatMap((row) => row.data ?? []).find((part) => part.legend === name && part.color)?.color;
    return { name: shortX(name), colour: colour(own, theme) ?? colours[i % colours.length] ?? '#888' };
  });
  const widest = Math.max(...rows.map((row) => (row.data ?? []).reduce((sum, { value }) => sum + (value ?? 0), 0)), 0);
  const parts = (/** @type {typeof rows[number]} */ row) =>
    `${row.title ?? ''}: ${(row.data ?? []).map((part) => `${part.legend ?? ''} ${number.format(part.value ?? 0)}`).join(', ')}`;
  return {
    height: Math.max(56, rows.length * 36 + 6),
    legend,
    spoken: sentence(chart, 'stacked bar chart', rows.map(parts).join('; ')),
    option: {
      ...base(theme),
      grid: { left: 2, right: 8, top: 2, bottom: 2, containLabel: true },
      tooltip: tooltip(theme, 'item'),
      xAxis: { type: 'value', show: false },
      yAxis: sideAxis(
        theme,
        rows.map((row) => row.title ?? ''),
      ),
      series: names.map((name, i) => ({
        type: 'bar',
        name: legend[i]?.name,
        stack: 'all',
        barWidth: 16,
        color: legend[i]?.colour,
        itemStyle: { borderColor: ink(theme).ground, borderWidth: 1 },
        // There is no scale below: a part that is wide enough says how much it is.
        label: {
          show: true,
          color: ink(theme).ground,
          fontSize: 11,
          fontFamily: FONT,
          formatter: (/** @type {{ value: unknown }} */ { value }) =>
            typeof value === 'number' && value >= LABELLED_FROM * widest ? axisNumber(Math.round(value * 10) / 10) : '',
        },
        data: rows.map((row) => row.data?.find((part) => part.legend === name)?.value ?? 0),
      })),
    },
  };
}

/** @param {Chart} chart @param {Theme} theme @returns {Drawing} */
export function round(chart, theme) {
  const colours = palette(chart.colorSet, theme);
  const slices = chart.data ?? [];
  const donut = chart.type === 'Chart.Donut';
  const total = slices.reduce((sum, slice) => sum + (slice.value ?? 0), 0);
  const legend = slices.map((slice, i) => ({
    name: slice.legend ?? `Part ${i + 1}`,
    colour: colour(slice.color, theme) ?? colours[i % colours.length] ?? '#888',
  }));
  const share = (/** @type {number} */ value) => (total > 0 ? ` (${Math.round((100 * value) / total)} %)` : '');
  return {
    height: 190,
    legend,
    spoken: sentence(
      chart,
      donut ? 'donut chart' : 'pie chart',
      slices
        .map((slice) => `${slice.legend ?? ''} ${number.format(slice.value ?? 0)}${share(slice.value ?? 0)}`)
        .join(', '),
    ),
    option: {
      ...base(theme),
      tooltip: tooltip(theme, 'item'),
      series: [
        {
          type: 'pie',
          radius: donut ? [chart.thickness === 'Thin' ? '72%' : '60%', '92%'] : [0, '92%'],
          label:
            donut && chart.value !== undefined
              ? {
                  show: true,
                  position: 'center',
                  formatter: String(chart.value),
                  fontSize: 20,
                  fontWeight: 600,
                  color: colour(chart.valueColor, theme) ?? ink(theme).text,
                }
              : { show: false },
          labelLine: { show: false },
          itemStyle: { borderColor: ink(theme).ground, borderWidth: chart.showOutlines === false ? 0 : 2 },
          data: slices.map((slice, i) => ({
            name: legend[i]?.name,
            value: slice.value,
            itemStyle: { color: legend[i]?.colour },
          })),
        },
      ],
    },
  };
}

/** @param {Chart} chart @param {Theme} theme @returns {Drawing} */
export function gauge(chart, theme) {
  const colours = palette(chart.colorSet, theme);
  const segments = chart.segments ?? [];
  const min = chart.min ?? 0;
  const sized = segments.reduce((sum, segment) => sum + (segment.size ?? 0), 0);
  const max = chart.max ?? (sized > 0 ? min + sized : 100);
  const value = Number(chart.value ?? 0);
  const fraction = chart.valueFormat?.toLowerCase() === 'fraction';
  const shown = fraction
    ? `${number.format(value)}/${number.format(max)}`
    : `${number.format(Math.round(((value - min) / (max - min || 1)) * 1000) / 10)} %`;
  const legend = segments.map((segment, i) => ({
    name: segment.legend ?? `Part ${i + 1}`,
    colour: colour(segment.color, theme) ?? colours[i % colours.length] ?? '#888',
  }));
  let reached = 0;
  const stops = segments.map((segment, i) => {
    reached += segment.size ?? 0;
    return [Math.min(1, reached / (sized || 1)), legend[i]?.colour];
  });
  return {
    height: 150,
    legend,
    spoken: sentence(
      chart,
      'gauge',
      `${shown}${chart.subLabel ? `, ${chart.subLabel}` : ''}. ${segments.map((segment) => `${segment.legend ?? ''} ${segment.size ?? ''}`).join(', ')}`,
    ),
    option: {
      ...base(theme),
      series: [
        {
          type: 'gauge',
          startAngle: 180,
          endAngle: 0,
          center: ['50%', '78%'],
          radius: '128%',
          min,
          max,
          axisLine: { lineStyle: { width: 20, color: stops.length > 0 ? stops : [[1, colours[0]]] } },
          axisTick: { show: false },
          splitLine: { show: false },
          axisLabel: {
            show: chart.showMinMax !== false,
            distance: -6,
            splitNumber: 1,
            color: ink(theme).subtle,
            fontSize: 12,
            formatter: () => '',
          },
          pointer: {
            show: chart.showNeedle !== false,
            length: '58%',
            width: 5,
            itemStyle: { color: ink(theme).text },
          },
          anchor: { show: chart.showNeedle !== false, size: 10, itemStyle: { color: ink(theme).text } },
          title: { show: Boolean(chart.subLabel), offsetCenter: [0, '36%'], color: ink(theme).subtle, fontSize: 12 },
          detail: {
            offsetCenter: [0, '18%'],
            formatter: () => shown,
            color: ink(theme).text,
            fontSize: 18,
            fontWeight: 600,
            fontFamily: FONT,
          },
          data: [{ value, name: chart.subLabel ?? '' }],
        },
      ],
    },
  };
}
