using Etl.Dashboard.Live;
using Etl.Domain.Jobs;
using Microsoft.AspNetCore.Components;

namespace Etl.Dashboard.Components;

/// <summary>A page about one job.</summary>
public abstract class JobPage : LivePage
{
    /// <summary>Its id, from the address.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    /// <summary>The job; null as long as it is not read, or when there is none.</summary>
    protected JobRow? Row { get; private set; }

    /// <summary>True when it was looked for and is not there.</summary>
    protected bool IsMissing { get; private set; }

    /// <inheritdoc />
    protected override async Task ReadAsync()
    {
        Row = JobId.TryParse(Id, out var job) ? await Feed.JobAsync(job) : null;
        IsMissing = Row is null;
    }
}
