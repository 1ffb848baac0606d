// The same service in C#, with minimal APIs.
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
var app = builder.Build();
app.MapGet("/text", () => "Hello, World!");
app.MapGet("/{id:long}", (long id) => new Greeting(id, string.Create(CultureInfo.InvariantCulture, $"greeting {id}"), ["a", "b"]));
app.Urls.Add("http://127.0.0.1:" + (Environment.GetEnvironmentVariable("PORT") ?? "0"));
app.Start();
Console.WriteLine($"listening at {new Uri(app.Urls.First()).Port}");
await app.WaitForShutdownAsync();

internal sealed record Greeting(long Id, string Text, string[] Tags);
