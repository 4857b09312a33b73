using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Etl.Actors.Hosting;
using Etl.Actors.Supervision;
using Etl.Actors.Tests.Kit;
using Etl.Domain.Supervision;

namespace Etl.Actors.Tests.Supervision;

/// <summary>The table of the design, held against the strategies.</summary>
public sealed class SupervisionPolicySpecs : EtlSpec
{
    public static TheoryData<Exception> Failures() =>
        [new InvalidOperationException(), new ActorKilledException("killed"), new ActorInitializationException(), new IOException(), new OutOfMemoryException()];

    [Theory]
    [MemberData(nameof(Failures))]
    public void Mappers_restart_and_the_tree_escalates(Exception failure)
    {
        var policy = Settings.Supervision;
        Assert.Equal(Directive.Restart, Assert.IsType<OneForOneStrategy>(policy.Mappers).Decider.Decide(failure));
        Assert.Equal(-1, ((OneForOneStrategy)policy.Mappers).MaxNumberOfRetries);
        Assert.Equal(Directive.Escalate, Assert.IsAssignableFrom<OneForOneStrategy>(SupervisionPolicy.Root(static (_, _) => false)).Decider.Decide(failure));
        Assert.Equal(Directive.Escalate, ((OneForOneStrategy)new EndTheSystem().Create()).Decider.Decide(failure));
    }

    [Fact]
    public void The_numbers_are_those_of_the_configuration() => Assert.Equal(
        (TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), 10),
        (Settings.Supervision.JournalMinBackoff, Settings.Supervision.JournalMaxBackoff, Settings.Supervision.JournalMaxRestarts));

    [Fact]
    public void The_reference_says_what_is_usual()
    {
        var policy = new SupervisionPolicy(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), 10);
        Assert.Equal(policy.Rows, Settings.Supervision.Rows);
    }

    [Theory]
    [InlineData("journal.max-restarts", "3", 3, 200)]
    [InlineData("journal.min-backoff", "30ms", 10, 30)]
    [InlineData("reducer.retries", "7", 7, 200)]
    [InlineData("reducer.min-backoff", "40ms", 10, 40)]
    public void The_numbers_of_the_journal_are_those_of_each_of_its_actors_unless_they_have_their_own(string key, string value, int retries, int wait)
    {
        var row = SupervisionPolicy.From(Composed($"etl.supervision.{key}", value)).Of(SupervisedActor.Reducer);
        Assert.Equal((retries, TimeSpan.FromMilliseconds(wait)), (row.Limit.Retries, row.Backoff.Min));
    }

    [Fact]
    public void A_name_may_be_short_or_full_and_in_quotes()
    {
        var file = ConfigurationFactory.ParseString("""etl.supervision.loader.on { "System.IO.IOException" = escalate, FileNotFoundException = stop }""")
            .WithFallback(Sys.Settings.Config);
        var policy = SupervisionPolicy.From(file);
        Exception[] failures = [new DirectoryNotFoundException(), new FileNotFoundException(), new TimeoutException()];
        Assert.Equal(
            [FailureDirective.Escalate, FailureDirective.Stop, FailureDirective.Restart], failures.Select(f => policy.Decide(SupervisedActor.Loader, f)));
        var set = SupervisionPolicy.From(Composed("etl.supervision.loader.on.System.IO.IOException", "escalate"));
        Assert.Equal(FailureDirective.Escalate, set.Decide(SupervisedActor.Loader, failures[0]));
    }

    [Theory]
    [InlineData("mapper.on.default", "resume", "not sound for a mapper: its batch", "allowed: restart, escalate")]
    [InlineData("mapper.on.IOException", "stop", "would shrink the pool", "allowed: restart, escalate")]
    [InlineData("reducer.on.IOException", "resume", "a state that its journal does not hold", "allowed: restart, stop, escalate")]
    [InlineData("coordinator.on.default", "resume", "a state that its journal does not hold", "allowed: restart, stop, escalate")]
    [InlineData("catalog.on.default", "resume", "a state that its journal does not hold", "allowed: restart, stop, escalate")]
    [InlineData("queue.on.default", "resume", "a state that its journal does not hold", "allowed: restart, stop, escalate")]
    [InlineData("extractor.on.IOException", "resume", "would wait for ever", "allowed: restart, stop, escalate")]
    [InlineData("loader.on.default", "resume", "would wait for ever", "allowed: restart, stop, escalate")]
    [InlineData("root.on.default", "restart", "without the jobs", "allowed: escalate")]
    [InlineData("mapper.on.default", "restrat", "is no directive; did you mean restart?", "allowed: restart, escalate")]
    [InlineData("reducer.on.IOExeption", "stop", "etl.supervision.reducer.on.IOExeption: no exception of that name is known", "did you mean IOException?")]
    [InlineData("reducer.on.System.String", "stop", "no exception of that name is known", "its full one")]
    [InlineData("mapper.retries", "3", "etl.supervision.mapper.retries = 3: only unlimited is allowed", "etl.map.max-attempts")]
    [InlineData("reducer.retries", "many", "is not a whole number", "etl.supervision.reducer.retries")]
    [InlineData("reducer.retries", "-1", "is not between 0 and 1000", "etl.supervision.reducer.retries")]
    [InlineData("loader.window", "soon", "is not a time", "etl.supervision.loader.window")]
    [InlineData("loader.window", "0s", "is below", "etl.supervision.loader.window")]
    [InlineData("coordinator.jitter", "2", "is not a number from 0 to 1", "etl.supervision.coordinator.jitter")]
    [InlineData("reducer.min-backoff", "1m", "etl.supervision.reducer.max-backoff", "is below")]
    [InlineData("mapper.min-backoff", "1s", "there is no setting etl.supervision.mapper.min-backoff", "did you mean")]
    [InlineData("mappers.on.default", "restart", "there is no setting etl.supervision.mappers.on.default", "did you mean etl.supervision.mapper.on.default?")]
    public void What_would_break_a_guarantee_is_refused_by_its_key_with_what_is_allowed(string key, string value, params string[] says)
    {
        var refusal = Assert.Throws<ConfigurationException>(() => SupervisionPolicy.From(Composed($"etl.supervision.{key}", value)));
        Assert.All(says, text => Assert.Contains(text, refusal.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Two_names_of_one_exception_must_agree()
    {
        static Config Both(string other) => EtlConfig.Compose(
            [], [new("etl.supervision.loader.on.IOException", "stop"), new("etl.supervision.loader.on.System.IO.IOException", other)], "Data Source=x");
        Assert.Contains("name the same exception", Assert.Throws<ConfigurationException>(() => SupervisionPolicy.From(Both("escalate"))).Message, StringComparison.Ordinal);
        Assert.Equal(FailureDirective.Stop, SupervisionPolicy.From(Both("stop")).Decide(SupervisedActor.Loader, new IOException()));
    }

    [Fact]
    public void The_message_tells_the_file_that_says_so()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "etl.supervision.mapper.on { default = stop }");
            Assert.StartsWith($"--config {file}: etl.supervision.mapper.on.default = stop",
                Assert.Throws<ConfigurationException>(() => EtlConfig.Compose([file], [], "Data Source=x")).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void The_configuration_must_have_them() =>
        Assert.Throws<ConfigurationException>(() => SupervisionPolicy.From(ConfigurationFactory.Empty));

    [Fact]
    public void A_persistent_actor_comes_back_so_often_in_a_row_and_not_once_more()
    {
        var supervisor = Persistent(out var lives);
        Watch(supervisor);
        for (var life = 0; life <= Given.Policy.JournalMaxRestarts; life++) Sys.Stop(lives.ExpectMsg<IActorRef>());
        ExpectTerminated(supervisor);
        lives.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_write_that_succeeds_starts_the_count_again()
    {
        var supervisor = Persistent(out var lives);
        for (var life = 0; life < 3 * Given.Policy.JournalMaxRestarts; life++)
        {
            var child = lives.ExpectMsg<IActorRef>();
            supervisor.Tell(SupervisionPolicy.JournalWorks, child);
            Sys.Stop(child);
        }

        lives.ExpectMsg<IActorRef>();
    }

    [Fact]
    public void The_final_message_ends_it_for_good()
    {
        var supervisor = Persistent(out var lives);
        lives.ExpectMsg<IActorRef>();
        Watch(supervisor);
        supervisor.Tell("final");
        ExpectTerminated(supervisor);
        lives.ExpectNoMsg(TimeSpan.Zero);
    }

    private static Config Composed(string key, string value) => EtlConfig.Compose([], [new(key, value)], "Data Source=x");

    private IActorRef Persistent(out TestProbe lives)
    {
        lives = CreateTestProbe();
        var told = lives.Ref;
        return Sys.ActorOf(Given.Policy.Persistent(SupervisedActor.Reducer, Props.Create(() => new Mortal(told)), static m => m is "final"));
    }

    private sealed class Mortal(IActorRef lives) : UntypedActor
    {
        protected override void PreStart() => lives.Tell(Self);

        protected override void OnReceive(object message) => Context.Stop(Self);
    }
}
