using Etl.Domain.Jobs;

namespace Etl.Domain.Tests.Jobs;

public sealed class CatalogTests
{
    private static readonly DateTimeOffset At = Generators.Now;
    private static readonly JobId One = new(new Guid(1, 0, 0, new byte[8])), Two = new(new Guid(2, 0, 0, new byte[8]));
    private static readonly Catalog Opened = Catalog.Evolve(Catalog.Initial, new CatalogEvent.JobOpened("key", One, At));

    [Fact]
    public void An_unfinished_job_of_the_key_is_resumed()
    {
        Assert.Equal(new CatalogEvent.JobOpened("key", One, At), Event(Catalog.OpenJob(Catalog.Initial, "key", One, false, At)));
        AlreadyDone(Catalog.OpenJob(Opened, "key", Two, false, At));
        Assert.Equal(One, Opened.Open["key"]);
        Assert.Equal(new CatalogEvent.JobOpened("other", Two, At), Event(Catalog.OpenJob(Opened, "other", Two, false, At)));
    }

    [Fact]
    public void Starting_over_abandons_the_old_job_and_the_same_command_again_does_nothing()
    {
        var fresh = Event(Catalog.OpenJob(Opened, "key", Two, true, At));
        var state = Catalog.Evolve(Opened, fresh);
        Assert.Equal(Two, state.Open["key"]);
        AlreadyDone(Catalog.OpenJob(state, "key", Two, true, At));
        AlreadyDone(Catalog.CloseJob(state, One, 0, At));
    }

    [Fact]
    public void A_closed_job_is_not_resumed()
    {
        var closed = Catalog.Evolve(Opened, Event(Catalog.CloseJob(Opened, One, 0, At)));
        Assert.Empty(closed.Open);
        AlreadyDone(Catalog.CloseJob(closed, One, 0, At));
        Assert.Equal(new CatalogEvent.JobOpened("key", Two, At), Event(Catalog.OpenJob(closed, "key", Two, false, At)));
    }

    private static CatalogEvent Event(Decision<CatalogEvent, string> decision) =>
        Assert.Single(Assert.IsType<Decision<CatalogEvent, string>.Accepted>(decision).Events);

    private static void AlreadyDone(Decision<CatalogEvent, string> decision) =>
        Assert.IsType<Decision<CatalogEvent, string>.AlreadyDone>(decision);
}
