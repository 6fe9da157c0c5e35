/** What a colour means. It never speaks alone: every place that takes a tone also takes a word. */
export type Tone = 'bad' | 'warning' | 'info' | 'good' | 'quiet';

interface Look {
  /** Badge.style */
  badge: 'Attention' | 'Warning' | 'Accent' | 'Good' | 'Subtle';
  /** TextBlock.color */
  text: 'Attention' | 'Warning' | 'Accent' | 'Good' | 'Default';
  /** ProgressBar.color */
  bar: 'Attention' | 'Warning' | 'Accent' | 'Good';
  /** Chart colour */
  chart: 'attention' | 'warning' | 'categoricalBlue' | 'good' | 'neutral';
  /** Fluent icon name for the badge. */
  icon: string;
  /** For clients without badges: a shape per tone, so that it reads without colour. */
  shape: string;
}

export const LOOKS: Readonly<Record<Tone, Look>> = {
  bad: { badge: 'Attention', text: 'Attention', bar: 'Attention', chart: 'attention', icon: 'Alert', shape: '▲' },
  warning: { badge: 'Warning', text: 'Warning', bar: 'Warning', chart: 'warning', icon: 'Warning', shape: '◆' },
  info: { badge: 'Accent', text: 'Accent', bar: 'Accent', chart: 'categoricalBlue', icon: 'Info', shape: '●' },
  good: { badge: 'Good', text: 'Good', bar: 'Good', chart: 'good', icon: 'CheckmarkCircle', shape: '✔' },
  quiet: { badge: 'Subtle', text: 'Default', bar: 'Accent', chart: 'neutral', icon: 'Circle', shape: '○' },
};
