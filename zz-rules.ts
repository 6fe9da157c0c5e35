import { Temporal } from '/work/wt/votes/node_modules/temporal-polyfill/index.js';
import { decide } from '/work/wt/votes/services/approvals/votes.rules.ts';
const T0 = Temporal.Instant.from('2026-11-23T16:00:00Z');
for (const n of [250, 500]) {
  const ballot = { policy: { minApprovals: n, requiredRoles: ['risk'], vetoRoles: ['risk'], threshold: '2/3', deadline: 240 }, openedAt: T0, requester: 'ann',
    members: Array.from({length:n},(_, i)=>({person:`v${i}`, roles:['risk','approver']})), excluded: [],
    votes: Array.from({length:n-1},(_, i)=>({voter:`v${i}`, choice:'approve', at:T0.add({seconds:1}), seq:i})) } as never;
  const c = process.cpuUsage(); for (let i=0;i<100;i++) decide(T0.add({minutes:1}), ballot); const d = process.cpuUsage(c);
  console.log(n, (d.user+d.system)/1000/100, 'ms per decide');
  const t = process.cpuUsage(); for (let i=0;i<100;i++) for (let k=0;k<n;k++) Temporal.Instant.from('2026-11-23T14:00:00.123Z'); const e = process.cpuUsage(t);
  console.log(n, (e.user+e.system)/1000/100, 'ms parse');
}
