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
        Assert.Equal(new CatalogEvent.JobOpened("key", One, At), Event(Catalog.OpenJob(Catalog.Initial, "key", One, false, 6, At)));
        AlreadyDone(Catalog.OpenJob(Opened, "key", Two, false, 6, At));
        Assert.Equal(One, Opened.Open["key"]);
        Assert.Equal(new CatalogEvent.JobOpened("other", Two, At), Event(Catalog.OpenJob(Opened, "other", Two, false, 6, At)));
    }

    [Fact]
    public void Starting_over_abandons_the_old_job_and_the_same_command_again_does_nothing()
    {
        var fresh = Event(Catalog.OpenJob(Opened, "key", Two, true, 6, At));
        var state = Catalog.Evolve(Opened, fresh);
        Assert.Equal(Two, state.Open["key"]);
        AlreadyDone(Catalog.OpenJob(state, "key", Two, true, 6, At));
        AlreadyDone(Catalog.CloseJob(state, One, 0, At));
    }

    [Fact]
    public void A_closed_job_is_not_resumed()
    {
        var closed = Catalog.Evolve(Opened, Event(Catalog.CloseJob(Opened, One, 0, At)));
        Assert.Empty(closed.Open);
        AlreadyDone(Catalog.CloseJob(closed, One, 0, At));
        Assert.Equal(new CatalogEvent.JobOpened("key", Two, At), Event(Catalog.OpenJob(closed, "key", Two, false, 6, At)));
    }

    [Fact]
    public void A_job_is_owed_to_be_forgotten_from_its_end_on_until_it_is_forgotten()
    {
        var state = Catalog.Evolve(Opened, new CatalogEvent.RegionsCounted(One, 6));
        Assert.Empty(Catalog.Owed(state));
        Assert.IsType<Decision<CatalogEvent, string>.Rejected>(Catalog.ForgetJob(state, One, At));
        state = Catalog.Evolve(state, Event(Catalog.CloseJob(state, One, 1, At)));
        Assert.Equal([(One, 6)], Catalog.Owed(state).Select(o => (o.Key, o.Value)));
        state = Catalog.Evolve(state, Event(Catalog.ForgetJob(state, One, At)));
        Assert.Empty(Catalog.Owed(state));
        AlreadyDone(Catalog.ForgetJob(state, One, At));
    }

    [Fact]
    public void A_job_that_is_given_up_is_owed_and_the_one_in_its_place_is_not()
    {
        var state = Catalog.Evolve(Opened, new CatalogEvent.RegionsCounted(One, 6));
        var decision = Assert.IsType<Decision<CatalogEvent, string>.Accepted>(Catalog.OpenJob(state, "key", Two, true, 22, At));
        Assert.Equal([new CatalogEvent.JobOpened("key", Two, At), new CatalogEvent.RegionsCounted(Two, 22)], decision.Events.AsEnumerable());
        state = decision.Events.Aggregate(state, Catalog.Evolve);
        Assert.Equal([(One, 6)], Catalog.Owed(state).Select(o => (o.Key, o.Value)));
    }

    [Fact]
    public void A_job_of_an_older_journal_has_no_number_of_regions_and_is_not_owed() =>
        Assert.Empty(Catalog.Owed(Catalog.Evolve(Opened, new CatalogEvent.JobClosed(One, 0, At))));

    private static CatalogEvent Event(Decision<CatalogEvent, string> decision) =>
        Assert.IsType<Decision<CatalogEvent, string>.Accepted>(decision).Events[0];

    private static void AlreadyDone(Decision<CatalogEvent, string> decision) =>
        Assert.IsType<Decision<CatalogEvent, string>.AlreadyDone>(decision);
}
