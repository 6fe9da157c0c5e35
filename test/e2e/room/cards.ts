/** Cards for the tests of the Room, with the element and property names of the Teams documentation. */

export const INCIDENT = 'ep-fraud drifts: PSI of amount is 0.31, limit 0.20.';

export const incidentCard = (taker?: string) => ({
  type: 'AdaptiveCard',
  version: '1.5',
  msteams: { width: 'full' },
  body: [
    { type: 'Badge', text: taker ? 'SEV 1 · acknowledged' : 'SEV 1 · firing', style: taker ? 'Warning' : 'Attention' },
    { type: 'TextBlock', text: INCIDENT, weight: 'Bolder', wrap: true },
    ...(taker ? [{ type: 'TextBlock', text: `Taken by ${taker}`, wrap: true }] : []),
    { type: 'Chart.HorizontalBar', title: 'PSI', data: [{ x: 'amount', y: 0.31, color: 'attention' }] },
  ],
  actions: [
    ...(taker ? [] : [{ type: 'Action.Execute', title: 'Acknowledge', style: 'positive', verb: 'ack', data: {} }]),
    { type: 'Action.Execute', title: 'Roll back', verb: 'refuse', data: {} },
  ],
});

const points = (values: number[]) => values.map((y, index) => ({ x: `2026-11-2${index + 1}`, y }));
const slices = [
  { legend: 'Compute', value: 59 },
  { legend: 'Storage', value: 12 },
];
const bars = [
  { x: 'blue', y: 90, color: 'good' },
  { x: 'green', y: 10, color: 'warning' },
];

export const everyElement = {
  type: 'AdaptiveCard',
  version: '1.5',
  msteams: {
    width: 'full',
    entities: [{ type: 'mention', text: '<at>Ann Berg</at>', mentioned: { id: '29:ann', name: 'Ann Berg' } }],
  },
  body: [
    { type: 'TextBlock', text: 'Hello <at>Ann Berg</at>, since {{TIME(2026-11-23T14:05:00Z)}}', wrap: true },
    {
      type: 'TextBlock',
      text: '<img src=x onerror=alert(1)> [go](javascript:alert(1)) <script>1</script>',
      wrap: true,
    },
    { type: 'TextBlock', text: 'only when narrow', targetWidth: 'atMost:Narrow' },
    { type: 'Badge', text: '2 of 3 votes', style: 'Warning', appearance: 'Tint', icon: 'Vote' },
    { type: 'Badge', text: 'resolved', style: 'Good' },
    { type: 'CodeBlock', codeSnippet: 'AmlOnlineEndpointTrafficLog\n| take 10', language: 'PlainText' },
    { type: 'ProgressBar', value: 2, max: 3, color: 'Good' },
    { type: 'ProgressRing', label: 'Moving traffic', labelPosition: 'After' },
    { type: 'Icon', name: 'Warning', color: 'Attention' },
    { type: 'Rating', value: 4, max: 5 },
    {
      type: 'CompoundButton',
      title: 'Roll back',
      description: 'All traffic to blue',
      selectAction: { type: 'Action.Execute', verb: 'x', data: {} },
    },
    { type: 'Chart.Line', title: 'PSI', data: [{ legend: 'amount', values: points([0.1, 0.2, 0.31]) }] },
    { type: 'Chart.VerticalBar', title: 'Traffic', data: bars },
    { type: 'Chart.VerticalBar.Grouped', title: 'Days', data: [{ legend: 'blue', values: points([3, 2, 1]) }] },
    { type: 'Chart.HorizontalBar', title: 'Cost', displayMode: 'PartToWhole', data: bars },
    { type: 'Chart.HorizontalBar.Stacked', title: 'Votes', data: [{ title: 'REQ-1', data: slices }] },
    { type: 'Chart.Donut', title: 'Share', data: slices },
    { type: 'Chart.Pie', title: 'Share', data: slices },
    {
      type: 'Chart.Gauge',
      title: 'Risk',
      value: 40,
      segments: [
        { legend: 'Low', size: 50, color: 'good' },
        { legend: 'High', size: 50, color: 'attention' },
      ],
    },
    // The Save of the test leaves it empty.
    { type: 'Input.Number', id: 'cases', label: 'Cases', min: 0, max: 9, errorMessage: 'From 0 to 9' },
    { type: 'Input.Text', id: 'reason', label: 'Reason', isRequired: true, errorMessage: 'Say why' },
    {
      type: 'Input.ChoiceSet',
      id: 'choice',
      label: 'Choice',
      style: 'expanded',
      value: 'a',
      choices: [
        { title: 'Approve', value: 'a' },
        { title: 'Reject', value: 'r' },
      ],
    },
  ],
  actions: [
    { type: 'Action.Execute', title: 'Save', style: 'positive', verb: 'save', data: { id: 1 } },
    {
      type: 'Action.Popover',
      title: 'Why',
      content: { type: 'TextBlock', text: 'The drift of amount passed its limit.', wrap: true },
    },
    { type: 'Action.Execute', title: 'Second', mode: 'secondary', verb: 'second', data: {}, associatedInputs: 'none' },
  ],
};
