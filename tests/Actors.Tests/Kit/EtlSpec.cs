using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Etl.Actors.Hosting;
using Etl.Actors.Serialization;

namespace Etl.Actors.Tests.Kit;

/// <summary>An actor system with the product's configuration; only the journal is another: <see cref="FaultyJournal"/>.</summary>
public abstract class EtlSpec(string overrides = "") : TestKit(ConfigOf(overrides))
{
    /// <summary>How long nothing must happen before a test believes that nothing will.</summary>
    protected static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(150);

    protected const string SerializeMessages = "akka.actor.serialize-messages = on";

    protected JournalControl Journal => JournalControl.Of(Sys);

    protected EtlSettings Settings => EtlSettings.From(Sys.Settings.Config);

    /// <summary>An answer that is waited for, and has to be of this type.</summary>
    protected static void Answer<T>(TestProbe probe, Action<T> check) => check(probe.ExpectMsg<T>());

    protected void KillAndWait(IActorRef actor)
    {
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
    }

    internal static Config ConfigOf(string overrides) => ConfigurationFactory.ParseString(overrides)
        .WithFallback(ConfigurationFactory.ParseString("""
            akka.persistence.journal.plugin = "akka.persistence.journal.faulty"
            akka.persistence.journal.faulty {
              class = "Etl.Actors.Tests.Kit.FaultyJournal, Etl.Actors.Tests"
              plugin-dispatcher = "akka.actor.default-dispatcher"
            }
            akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
            akka.test.single-expect-default = 15s
            akka.test.default-timeout = 15s
            """))
        .WithFallback(EtlConfig.Reference)
        .WithFallback(ConfigurationFactory.ParseString(SerializationConfig.Hocon));
}
