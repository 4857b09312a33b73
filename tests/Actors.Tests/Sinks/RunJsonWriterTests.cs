using Etl.Actors.Load.Sinks;
using Etl.Domain.Load;

namespace Etl.Actors.Tests.Sinks;

public sealed class RunJsonWriterTests
{
    [Fact]
    public void A_run_that_is_done_is_this_text()
    {
        using var directory = new TempDirectory();
        var written = RunJsonWriter.Write(
            directory.Path, Samples.Report(Samples.World), Samples.Facts(), [new LoadedFile("Region_Top.json", 12, "ff00")]);

        const string expected = """
            {
              "schema_version": 1,
              "job_id": "00000000000000000000000000000001",
              "run_id": "00000001000000000000000000000000",
              "status": "done",
              "exit_code": 0,
              "error": null,
              "edition": {
                "as_of": "2025-12-30",
                "content_sha256": "ab12",
                "title": "List of countries",
                "table": "GDP by country",
                "column": "IMF (2025)",
                "unit": "million"
              },
              "read": 10,
              "counted": 7,
              "superseded": 0,
              "missing": 2,
              "aggregates": 1,
              "quarantined": 0,
              "loaded": 7,
              "unassigned": 1,
              "missing_countries": [
                "CUB",
                "PRK"
              ],
              "warnings": [
                "the sum is 3 % above \"World\""
              ],
              "batches": 4,
              "batches_resumed": 3,
              "restarts": [
                {
                  "actor": "/user/etl/mappers/$a",
                  "cause": "InvalidOperationException: boom",
                  "directive": "Restart",
                  "batch": "0/2",
                  "row": 17,
                  "attempt": 1,
                  "time": "2025-12-30T08:00:01.500Z",
                  "recovered_after_seconds": null
                }
              ],
              "restarts_total": 1,
              "condemned": [
                {
                  "batch": "0/2",
                  "row": 17,
                  "cause": "InvalidOperationException: boom",
                  "time": "2025-12-30T08:00:01.500Z"
                }
              ],
              "condemned_total": 1,
              "retries": 2,
              "attempts": 2,
              "started": "2025-12-30T08:00:00.000Z",
              "run_started": "2025-12-30T08:00:01.000Z",
              "finished": "2025-12-30T08:00:03.250Z",
              "seconds": 2.25,
              "bytes": 1234,
              "rows_per_second": 4.4,
              "files": {
                "Region_Top.json": {
                  "bytes": 12,
                  "sha256": "ff00"
                }
              },
              "settings": {
                "etl.map.pool": "3",
                "secret": "***"
              },
              "product_version": "0.1.0"
            }

            """;
        Assert.Equal(expected.ReplaceLineEndings("\n"), File.ReadAllText(directory.File(RunJsonWriter.FileName)));
        Assert.Equal(AtomicFileTests.HashOf(directory.File(RunJsonWriter.FileName)), written.Sha256);
        Assert.Equal([RunJsonWriter.FileName], directory.Names());
    }

    [Theory]
    [InlineData(1, "failed")]
    [InlineData(130, "interrupted")]
    public void A_failed_run_says_what_is_known_and_touches_nothing_else(int exitCode, string status)
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory.File(JsonSink.CountriesFile), "of an earlier run");
        RunJsonWriter.WriteFailed(
            directory.Path,
            new RunFailure(exitCode, "no table of that kind", "0.1.0", null, null, new CountEquation(9, 1, 2, 3, 2, 1, 1, 0), default));

        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(directory.File(RunJsonWriter.FileName)));
        var root = json.RootElement;
        Assert.Equal((status, exitCode), (root.GetProperty("status").GetString(), root.GetProperty("exit_code").GetInt32()));
        Assert.Equal("no table of that kind", root.GetProperty("error").GetString());
        Assert.Equal(9, root.GetProperty("read").GetInt64());
        foreach (var unknown in new[] { "job_id", "run_id", "edition", "batches", "started", "seconds", "rows_per_second" })
            Assert.Equal(System.Text.Json.JsonValueKind.Null, root.GetProperty(unknown).ValueKind);
        Assert.Equal("of an earlier run", File.ReadAllText(directory.File(JsonSink.CountriesFile)));
    }
}
