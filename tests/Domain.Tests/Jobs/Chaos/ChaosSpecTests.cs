using CsCheck;
using Etl.Domain.Jobs.Chaos;

namespace Etl.Domain.Tests.Jobs.Chaos;

public sealed class ChaosSpecTests
{
    [Fact]
    public void A_specification_is_read_and_written_as_it_is()
    {
        var spec = Ok("seed=7,mapper-crash=0.02, extractor-io=1,journal-fail=0,message-drop=0.01,slow-batch=.5");
        Assert.Equal((7, 0.02, 1.0, 0.0), (spec.Seed, spec.Chances[ChaosKind.MapperCrash], spec.Chances[ChaosKind.ExtractorIo], spec.Chances[ChaosKind.JournalFail]));
        Assert.Equal(spec, Ok(spec.ToString()));
        Assert.Equal(ChaosSpec.None, Ok(""));
    }

    [Theory]
    [InlineData("mapper-crash", "NAME=NUMBER")]
    [InlineData("mapper-crush=0.1", "did you mean mapper-crash?")]
    [InlineData("mapper-crash=2", "from 0 to 1")]
    [InlineData("mapper-crash=-0.1", "from 0 to 1")]
    [InlineData("mapper-crash=NaN", "from 0 to 1")]
    [InlineData("seed=x", "whole number")]
    [InlineData("sed=1", "did you mean seed?")]
    public void What_is_none_is_refused_with_the_remedy(string text, string reason) =>
        Assert.Contains(reason, Assert.IsType<Parsed<ChaosSpec>.Refused>(ChaosSpec.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_same_seed_strikes_the_same_places_and_another_seed_others()
    {
        string[] places = [.. Enumerable.Range(0, 2_000).Select(i => $"job 0/{i}")];
        string[] Struck(long seed) => [.. places.Where(p => Ok($"seed={seed},mapper-crash=0.1").Strikes(ChaosKind.MapperCrash, p))];
        Assert.Equal(Struck(1), Struck(1));
        Assert.NotEqual(Struck(1), Struck(2));
        // Twelve deviations from what is expected of so many fair throws.
        Assert.All(Enumerable.Range(1, 20), seed => Assert.InRange(Struck(seed).Length, 40, 360));
    }

    [Fact]
    public void A_kind_that_is_not_asked_for_never_strikes_and_certainty_always_does() =>
        Gen.String.Holds(place =>
        {
            var spec = Ok("mapper-crash=1,slow-batch=0");
            return spec.Strikes(ChaosKind.MapperCrash, place) && !spec.Strikes(ChaosKind.SlowBatch, place) && !spec.Strikes(ChaosKind.MessageDrop, place);
        });

    private static ChaosSpec Ok(string text) => Assert.IsType<Parsed<ChaosSpec>.Ok>(ChaosSpec.Parse(text)).Value;
}
