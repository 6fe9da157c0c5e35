import { groupedBar, line, verticalBar } from './chart-options.js';
import { gauge, horizontalBar, horizontalStack, round } from './chart-options-flat.js';
import { h } from './dom.js';

/**
 * @typedef {import('./chart-options.js').Chart} Chart
 * @typedef {import('./chart-options.js').Drawing} Drawing
 * @typedef {{ setOption: (option: unknown, replace?: boolean) => void, resize: () => void, dispose: () => void }} Plot
 * @typedef {{ init: (element: HTMLElement, theme: null, options: unknown) => Plot }} Echarts
 */

/** @type {Record<string, (chart: Chart, theme: import('./colours.js').Theme, plotWidth?: number) => Drawing>} */
export const CHARTS = {
  'Chart.Line': line,
  'Chart.VerticalBar': verticalBar,
  'Chart.VerticalBar.Grouped': groupedBar,
  'Chart.HorizontalBar': horizontalBar,
  'Chart.HorizontalBar.Stacked': horizontalStack,
  'Chart.Donut': round,
  'Chart.Pie': round,
  'Chart.Gauge': gauge,
};

/** @type {Promise<Echarts> | undefined} */
let loading;

/** ECharts is a megabyte: it is fetched when the first chart comes near the window. */
function echarts() {
  loading ??= new Promise((resolve, reject) => {
    const script = h('script', { src: '/vendor/echarts.js' });
    script.onload = () => resolve(/** @type {{ echarts: Echarts }} */ (/** @type {unknown} */ (window)).echarts);
    script.onerror = () => reject(new Error('/vendor/echarts.js did not load'));
    document.head.append(script);
  });
  return loading;
}

/** @type {Map<Element, () => void>} what to do when a chart comes into view */
const waiting = new Map();
const seen = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      waiting.get(entry.target)?.();
      waiting.delete(entry.target);
    }
  },
  { rootMargin: '600px' },
);

/** @returns {import('./colours.js').Theme} */
const theme = () => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light');

/**
 * A chart element: title, plot, legend. Its height is fixed before it is drawn, so nothing jumps.
 * @param {Chart} chart
 * @param {(cleanup: () => void) => void} onDispose
 */
export function chartElement(chart, onDispose) {
  const draw = CHARTS[chart.type];
  if (!draw) throw new Error(`no drawing for ${chart.type}`);
  const first = draw(chart, theme());
  const plot = h('div', { class: 'chart-plot', style: { height: `${first.height}px` } });
  const legend = h('div', { class: 'chart-legend' });
  const side = chart.type === 'Chart.Donut' || chart.type === 'Chart.Pie';
  const figure = h(
    'figure',
    { class: `chart${side ? ' chart-side' : ''}`, role: 'img', 'aria-label': first.spoken, 'data-chart': chart.type },
    chart.title && /** @type {{ showTitle?: boolean }} */ (chart).showTitle
      ? h('div', { class: 'chart-title' }, chart.title)
      : null,
    chart.yAxisTitle ? h('div', { class: 'chart-axis' }, chart.yAxisTitle) : null,
    h(
      'div',
      { class: 'chart-body' },
      plot,
      chart.xAxisTitle ? h('div', { class: 'chart-axis chart-axis-x' }, chart.xAxisTitle) : null,
      chart.showLegend === false || first.legend.length === 0 ? null : legend,
    ),
  );

  /** @type {Plot | undefined} */
  let drawn;
  let gone = false;
  let width = 0;
  const redraw = () => {
    const { option, legend: entries } = draw(chart, theme(), plot.clientWidth);
    legend.replaceChildren(
      ...entries.map((entry) =>
        h('span', { class: 'chart-key' }, h('i', { style: { background: entry.colour } }), entry.name),
      ),
    );
    drawn?.setOption(option, true);
  };
  const resized = new ResizeObserver(() => {
    if (plot.clientWidth === 0 || plot.clientWidth === width) return;
    width = plot.clientWidth;
    drawn?.resize();
    redraw();
  });
  redraw();
  waiting.set(figure, async () => {
    const library = await echarts();
    if (gone) return;
    drawn = library.init(plot, null, { renderer: 'svg', height: first.height });
    redraw();
    resized.observe(plot);
    figure.dataset.drawn = 'true';
  });
  seen.observe(figure);
  document.addEventListener('room:theme', redraw);
  onDispose(() => {
    gone = true;
    document.removeEventListener('room:theme', redraw);
    resized.disconnect();
    seen.unobserve(figure);
    waiting.delete(figure);
    drawn?.dispose();
  });
  return figure;
}
