using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Domain.Tests.Jobs;

/// <summary>What a poisonous row of the toy below does.</summary>
internal enum Poison
{
    Throw = 1,
    ThrowUnnamed,
    Kill,
}

/// <summary>
/// One batch of a file with poisonous rows, mapped as the coordinator would have it: attempt, crash or success, journal, next attempt. The
/// process can be killed in between, by its rows or by others.
/// </summary>
internal sealed class SimulatedCrashes
{
    public const int Bytes = 1 << 20;

    private static readonly BatchId Batch = new(0, 2);

    private readonly IReadOnlyDictionary<long, Poison> rows;
    private readonly List<JobEvent> journal = [];
    private readonly Random random;
    private readonly int killOneIn;
    private DateTimeOffset now = Generators.Now;
    private int runs;

    /// <param name="rows">The poisonous rows by position; every other position may be a row that is none.</param>
    /// <param name="killOneIn">Somebody kills the process at so many of the attempts; 0: nobody.</param>
    public SimulatedCrashes(IReadOnlyDictionary<long, Poison> rows, int seed, int killOneIn)
    {
        (this.rows, random, this.killOneIn) = (rows, new Random(seed), killOneIn);
        Begin();
        Carry(new JobCommand.Plan(0, 4, Generators.Choice));
    }

    public JobState State { get; private set; } = Job.Initial;

    public IReadOnlyList<JobEvent> Journal => journal;

    public int Crashes { get; private set; }

    public int Deaths { get; private set; }

    public int Attempts { get; private set; }

    public string? Hopeless => Blame.Hopeless(State, 4);

    public IEnumerable<long> Condemned => journal.OfType<JobEvent.RowsCondemned>().SelectMany(c => c.Positions);

    /// <summary>Tries until the whole batch is mapped without a crash; false when that does not come, or there is no hope.</summary>
    public bool Run()
    {
        for (; Attempts < 20_000 && Hopeless is null; Attempts++)
        {
            var running = Assert.IsType<JobState.Running>(State);
            if (running.Troubles.OneAtATime) Carry(new JobCommand.Try(Batch));
            var caution = Blame.Cautions(State, [Batch]) is [var one] ? one.Caution : Caution.None;
            if (killOneIn > 0 && random.Next(killOneIn) == 0)
            {
                Die();
                continue;
            }

            var met = rows.Keys.Order().Where(r => !caution.PassesOver(r) && caution.Verdict(r) is null).Select(r => (long?)r).FirstOrDefault();
            if (met is { } row) Meet(row, caution);
            else if (caution.Probe is { } probe) Carry(new JobCommand.Clear(Batch, probe));
            else return true;
        }

        return false;
    }

    private void Meet(long row, Caution caution)
    {
        Crashes++;
        if (rows[row] == Poison.Kill)
        {
            Die();
            return;
        }

        // The kernel names no row; a reader that is careful does, but for rows that crash elsewhere.
        var named = rows[row] == Poison.Throw && (caution.Careful || caution.Probe is not null) ? row : (long?)null;
        Carry(new JobCommand.Crash("/user/etl/mappers/$a", "Oops: no", "Restart", Batch, named, now = now.AddTicks(1)) { Probe = caution.Probe });
    }

    private void Die()
    {
        Deaths++;
        State = Job.Fold(Job.Initial, journal);
        Begin();
    }

    private void Begin() => Carry(new JobCommand.Begin(Generators.TheJob, Spec, Generators.Run(++runs), now = now.AddTicks(1)));

    private void Carry(JobCommand command)
    {
        if (Job.Decide(State, command) is not Decision<JobEvent, string>.Accepted accepted) return;
        journal.AddRange(accepted.Events);
        State = Job.Fold(State, accepted.Events);
        Assert.IsType<Decision<JobEvent, string>.AlreadyDone>(Job.Decide(State, command));
    }

    private static JobSpec Spec => new(
        "csv", [new("a.csv", new string('a', 64), 4 * Bytes) { File = new("/a.csv", 1, Compression.None) }], AnswerOptions.Default, "directory", 50, "1.0.0")
    {
        BatchBytes = Bytes,
    };
}
