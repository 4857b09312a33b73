using Etl.Actors.Hosting;
using Etl.Actors.Tests.Kit;
using Etl.Domain.Map;

namespace Etl.Actors.Tests.Hosting;

/// <summary>Crashes that are asked for happen where and when they were asked for, and nowhere else.</summary>
public sealed class FaultPointsTests
{
    [Theory]
    [InlineData("no-such-point:1")]
    [InlineData("map-batch")]
    [InlineData("map-batch:0")]
    [InlineData("map-batch:-1")]
    [InlineData("map-batch:x")]
    [InlineData("map-batch:1:explode")]
    [InlineData("map-batch:1:throw:again")]
    [InlineData("map-batch:1:throw,no-such-point:1")]
    [InlineData("poison-row")]
    [InlineData("poison-row=")]
    [InlineData("poison-row=:kill")]
    [InlineData("poison-row=x:explode")]
    [InlineData("poison-row=x:throw:throw")]
    public void What_is_not_of_the_form_is_refused_and_the_names_are_told(string text)
    {
        var refusal = Assert.Throws<FormatException>(() => FaultPoints.Parse(text)).Message;
        Assert.Contains("etl.fault", refusal, StringComparison.Ordinal);
        Assert.All(FaultPoints.Names, name => Assert.Contains(name, refusal, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void Nothing_is_asked_for(string? text)
    {
        var faults = FaultPoints.Parse(text);
        foreach (var name in FaultPoints.Names) faults.Pass(name);
    }

    [Fact]
    public void A_poisonous_row_is_one_with_the_text_and_is_named_or_not()
    {
        var faults = FaultPoints.Parse("poison-row=côte:throw-unnamed, map-batch:2:throw, poison-row=Mali");
        var cursor = new RowCursor(faults.Rows);
        Assert.True(cursor.IsTrapped);
        cursor.Position = 7;
        cursor.Meet("Kenya,2020,1"u8);
        Assert.Contains("a row with Mali", Assert.Throws<InjectedFaultException>(() => cursor.Meet("x,Mali"u8)).Message, StringComparison.Ordinal);
        Assert.Equal(7, cursor.Position);
        Assert.Throws<InjectedFaultException>(() => cursor.Meet(Given.Row(7, "la côte", "1")));
        Assert.Null(cursor.Position);
        faults.Pass("map-batch");
        Assert.Throws<InjectedFaultException>(() => faults.Pass("map-batch"));
        Assert.Null(FaultPoints.Parse("map-batch:2").Rows);
    }

    [Fact]
    public void A_throw_is_at_its_count_alone()
    {
        var faults = FaultPoints.Parse(" map-batch:2:throw , after-ack:1:throw ");
        faults.Pass("map-batch");
        Assert.Contains("map-batch, passage 2", Assert.Throws<InjectedFaultException>(() => faults.Pass("map-batch")).Message, StringComparison.Ordinal);
        faults.Pass("map-batch");
        Assert.Throws<InjectedFaultException>(() => faults.Pass("after-ack"));
        faults.Pass("before-load");
    }

    [Fact]
    public void A_throw_always_is_from_its_count_on()
    {
        var faults = FaultPoints.Parse("map-batch:2:throw-always");
        faults.Pass("map-batch");
        for (var i = 0; i < 3; i++) Assert.Throws<InjectedFaultException>(() => faults.Pass("map-batch"));
    }

    [Fact]
    public void Every_passage_is_noted_when_that_is_asked_for()
    {
        using var directory = new Sinks.TempDirectory();
        var faults = FaultPoints.Parse("map-batch:2:throw", directory.File("passed"));
        faults.Pass("before-load");
        faults.Pass("map-batch");
        Assert.Throws<InjectedFaultException>(() => faults.Pass("map-batch"));
        var done = false;
        faults.Before("after-ack", () => done = File.ReadAllText(directory.File("passed")).EndsWith("after-ack\n", StringComparison.Ordinal))();
        Assert.True(done);
        Assert.Equal("before-load\nmap-batch\nmap-batch\nafter-ack\n", File.ReadAllText(directory.File("passed")));
    }

    [Fact]
    public void Every_point_that_exists_is_passed_somewhere_and_every_passage_exists()
    {
        var passed = SourceFiles.Of("src/Actors").SelectMany(f => SourceFiles.Matches(f, "[fF]aults\\??\\.(?:Pass|Before)\\(\"([a-z-]+)\"")).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(FaultPoints.Names.Order(StringComparer.Ordinal), passed);
    }
}
