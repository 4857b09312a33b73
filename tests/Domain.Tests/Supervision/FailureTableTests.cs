using CsCheck;
using Etl.Domain.Supervision;

namespace Etl.Domain.Tests.Supervision;

/// <summary>Exception, table, directive; and how often and how fast an actor comes back.</summary>
public sealed class FailureTableTests
{
    private static readonly FailureTable Table = FailureTable.All(FailureDirective.Restart)
        .With(FailureDirective.Stop, "IOException", "System.ArgumentException").With(FailureDirective.Escalate, "FileNotFoundException", "OutOfMemoryException");

    private static readonly string[] Names = ["Exception", "System.SystemException", "IOException", "System.IO.FileNotFoundException", "ArgumentException"];

    public static TheoryData<Exception, FailureDirective> Decisions() => new()
    {
        { new IOException(), FailureDirective.Stop },
        { new FileNotFoundException(), FailureDirective.Escalate },
        { new DirectoryNotFoundException(), FailureDirective.Stop },
        { new ArgumentNullException(), FailureDirective.Stop },
        { new OutOfMemoryException(), FailureDirective.Escalate },
        { new InvalidOperationException(), FailureDirective.Restart },
        { new AggregateException(new FileNotFoundException()), FailureDirective.Escalate },
        { new AggregateException(new AggregateException(new IOException())), FailureDirective.Restart },
        { new AggregateException(new IOException(), new IOException()), FailureDirective.Restart },
    };

    [Theory]
    [MemberData(nameof(Decisions))]
    public void The_most_specific_name_decides_and_else_the_default(Exception failure, FailureDirective expected) => Assert.Equal(expected, Table.Decide(failure));

    [Fact]
    public void The_nearest_ancestor_that_is_named_decides_whatever_else_is_named() =>
        Gen.Select(Gen.Enum<FailureDirective>(), Gen.Enum<FailureDirective>().Array[Names.Length], Gen.Bool.Array[Names.Length]).Holds(drawn =>
        {
            var (otherwise, directives, isNamed) = drawn;
            var table = FailureTable.All(otherwise);
            foreach (var (i, name) in Names.Index())
                if (isNamed[i]) table = table.With(directives[i], name);
            // From the type itself up: what each name is the name of.
            int[] ancestors = [3, 2, 1, 0];
            var nearest = ancestors.Where(i => isNamed[i]).Select(i => directives[i]).DefaultIfEmpty(otherwise).First();
            return table.Decide(new FileNotFoundException()) == nearest;
        });

    [Fact]
    public void No_table_that_is_allowed_resumes_and_every_refusal_has_a_reason()
    {
        foreach (var kind in SupervisedActor.All)
            foreach (var directive in Enum.GetValues<FailureDirective>())
                Assert.Equal(kind.Outcomes.ContainsKey(directive), kind.WhyNot(directive) is null);
        Assert.DoesNotContain(SupervisedActor.All, kind => kind.Outcomes.ContainsKey(FailureDirective.Resume));
    }

    [Fact]
    public void A_wait_grows_from_the_shortest_to_the_longest_and_chance_adds_its_part_alone() =>
        Gen.Select(Gen.Int[0, 1_000], Gen.Int[0, 60_000], Gen.Double[0, 1], Gen.Int[1, 5_000], Gen.Double[0, 1]).Holds(drawn =>
        {
            var (min, more, jitter, failure, chance) = drawn;
            var times = new BackoffTimes(TimeSpan.FromMilliseconds(min), TimeSpan.FromMilliseconds(min + more), jitter);
            var (wait, bare) = (times.After(failure, chance), times.After(failure, 0));
            return bare >= times.Min && bare <= times.Max && wait >= bare && wait <= bare * (1 + jitter) + TimeSpan.FromTicks(1)
                && times.After(failure + 1, 0) >= bare && times.After(1, 0) == times.Min;
        });

    [Fact]
    public void What_is_older_than_the_window_does_not_count() =>
        Gen.Select(Gen.Int[0, 100].Array[0, 10], Gen.Int[0, 5], Gen.Int[1, 50]).Holds(drawn =>
        {
            var (ages, retries, window) = drawn;
            var failures = ages.Select(age => Generators.Now.AddSeconds(-age));
            return new RestartLimit(retries, TimeSpan.FromSeconds(window)).Allows(failures, Generators.Now) == (ages.Count(age => age <= window) <= retries)
                && new RestartLimit(retries, null).Allows(failures, Generators.Now) == (ages.Length <= retries)
                && RestartLimit.None.Allows(failures, Generators.Now);
        });
}
