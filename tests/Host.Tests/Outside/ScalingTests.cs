using System.Globalization;
using Etl.Tests.Outside;

namespace Etl.Host.Tests.Outside;

/// <summary>How many mappers share the work, and how it is routed to them, is no part of the answer.</summary>
public sealed class ScalingTests(Reference reference) : IClassFixture<Reference>
{
    [SkippableTheory]
    [InlineData(1, "round-robin-pool")]
    [InlineData(2, "round-robin-pool")]
    [InlineData(3, "round-robin-pool")]
    [InlineData(8, "round-robin-pool")]
    [InlineData(16, "round-robin-pool")]
    [InlineData(1, "smallest-mailbox-pool")]
    [InlineData(2, "smallest-mailbox-pool")]
    [InlineData(3, "smallest-mailbox-pool")]
    [InlineData(8, "smallest-mailbox-pool")]
    [InlineData(16, "smallest-mailbox-pool")]
    public async Task Any_pool_of_mappers_gives_the_same_bytes(int mappers, string router)
    {
        await reference.ResultAsync();
        using var workspace = new Workspace();
        var instances = mappers.ToString(CultureInfo.InvariantCulture);

        (await workspace.RunAsync(SharedData.Page(SharedData.GoldenPage),
            "--set", $"akka.actor.deployment./etl/mappers.nr-of-instances={instances}", "--set", $"akka.actor.deployment./etl/mappers.router={router}",
            "--set", "etl.extract.page-batch-rows=7")).ExitsWith(0);

        Assert.Equal(reference.Workspace.AnswerHashes(), workspace.AnswerHashes());
        var settings = workspace.Json("run.json").GetProperty("settings");
        Assert.Equal(instances, settings.GetProperty("akka.actor.deployment./etl/mappers.nr-of-instances").GetString());
        Assert.Equal(router, settings.GetProperty("akka.actor.deployment./etl/mappers.router").GetString());
        Assert.Equal(30, workspace.Json("run.json").GetProperty("batches").GetInt32());
    }
}
