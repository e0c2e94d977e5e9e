/**
 * What tests of services need. Works with any test runner: vitest, node:test, bun:test.
 *
 * @packageDocumentation
 */

export { FakeClock, fakeClock } from "./fake-clock.js";
export {
  type Implementations,
  type MockCall,
  MockService,
  mockService,
} from "./mock-service.js";
export { type LogMatch, RecordedLogs, recordLogs } from "./recorded-logs.js";
export { createTestNode, TestNode, type TestNodeOptions } from "./test-node.js";
