/** Tells what failed, what tests say themselves, and the sum. */
export default async function* reporter(source) {
  let passed = 0, failed = 0, skipped = 0;
  for await (const { type, data } of source) {
    if (type === "test:stdout" || type === "test:stderr") yield data.message;
    const single = data.details?.type !== "suite" && data.details?.error?.failureType !== "subtestsFailed";
    if (type === "test:fail" && single) {
      failed++;
      yield `FAIL ${data.file ?? ""}: ${data.name}\n  ${String(data.details.error.cause?.stack ?? data.details.error).replaceAll("\n", "\n  ")}\n`;
    }
    if (type === "test:pass" && single) data.skip === undefined ? passed++ : skipped++;
    if (type === "test:pass" && data.skip !== undefined) yield `skipped: ${data.name}: ${data.skip}\n`;
  }
  yield `${process.env.npm_package_name}: ${passed} tests passed, ${failed} failed, ${skipped} were skipped\n`;
}
