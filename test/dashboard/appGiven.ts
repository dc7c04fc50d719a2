/** The app over a sample status, with what it was told to do and what failed in it. */
import { createDashboard, type DashboardOptions } from '../../src/dashboard/app.ts';
import { sampleStatus } from './sampleStatus.ts';

export const token = 'a-token-of-sixteen-or-more';

export function world(options: Partial<DashboardOptions> = {}) {
  const acts: string[] = [];
  const failures: Error[] = [];
  const app = createDashboard({
    portfolio: 'main',
    version: '0.1.0',
    readStatus: async () => sampleStatus,
    metricsText: async () => 'equipoise_halted 0\n',
    control: null,
    failed: (error) => failures.push(error),
    ...options,
  });
  const control = {
    token,
    halt: async (reason: string) => {
      acts.push(`halt: ${reason}`);
      return { venues: [] };
    },
    resume: async () => void acts.push('resume'),
  };
  return { app, acts, failures, control };
}

export const withControl = () => {
  const { control, acts } = world();
  return { ...world({ control }), acts };
};

export const post = (body?: string, authorization?: string): RequestInit => ({
  method: 'POST',
  ...(body === undefined ? {} : { body }),
  ...(authorization === undefined ? {} : { headers: { authorization } }),
});
