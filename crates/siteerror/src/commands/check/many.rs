//! Many URLs: they stream in, and their results stream out.

use std::io::{self, Write as _};
use std::ops::ControlFlow;
use std::time::Instant;

use siteerror_check::bulk::{self, Baseline, Done, Ended};
use siteerror_check::{Checker, Report};

use super::fail_on::FailOn;
use super::input;
use super::plan::{Mistake, Plan};
use super::progress::Bar;
use super::sink::{self, Sink};
use super::stop;
use crate::args::{Color, Format};
use crate::exit::Exit;
use crate::output;
use crate::output::card::card;
use crate::output::report::{Face, Place, Row, Totals, face};
use siteerror_web::terminal::Paint;

pub(super) async fn run(mut plan: Plan, checker: &Checker, color: Color) -> Result<Exit, Mistake> {
    let mut job = Job::new(&plan, color, false)?;
    let web = input::Web::new(
        checker.clone(),
        plan.options.clone(),
        plan.manners.per_host_a_second,
    );
    let list = input::open(&plan.urls, plan.list.as_deref(), web)?;
    let mut cache = plan.cache.take();
    let mut bar = Bar::new(plan.quiet, &job.sink, list.places.clone());
    let places = list.places.clone();
    let ended = bulk::bulk(
        checker,
        &plan.options,
        plan.manners,
        list.urls,
        cache.as_mut().map(|(_, cache)| cache),
        stop::asked(),
        |Done { index, report }| {
            let place = places.take(index);
            bar.make_way();
            job.take(&report, place.as_ref());
            bar.show(&job.totals);
            if job.broken.is_some() {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        },
    )
    .await;
    bar.clear();
    if let Some((path, cache)) = cache {
        sink::replace(&path, |out| cache.write(out))
            .map_err(|error| (format!("cannot write `{}`: {error}", path.display()), None))?;
    }
    let is_stopped = ended == Ended::Stopped && job.broken.is_none();
    let exit = output::written(job.finish(&plan, is_stopped));
    match places.mistakes() {
        0 => Ok(exit),
        _ if exit == Exit::Stopped => Ok(exit),
        _ => Ok(Exit::Usage),
    }
}

/// What takes reports: it counts, judges and writes.
pub(super) struct Job {
    face: Box<dyn Face>,
    /// A card in place of a line.
    card: Option<Paint>,
    sink: Sink,
    /// Rows that wait until the totals are known.
    aside: Option<io::BufWriter<std::fs::File>>,
    totals: Totals,
    fail_on: FailOn,
    known: Option<Baseline>,
    /// The baseline that is being made.
    new: Option<Baseline>,
    verbose: bool,
    quiet: bool,
    /// Only text is shortened by `--quiet`: what programs read is always whole.
    is_text: bool,
    begun: Instant,
    broken: Option<io::Error>,
}

impl Job {
    pub(super) fn new(plan: &Plan, color: Color, is_one: bool) -> Result<Self, Mistake> {
        let sink = Sink::open(plan.output.as_deref())?;
        let paint = if sink.is_standard() {
            output::paint(color)
        } else {
            output::paint_file(color)
        };
        let face = face(plan.format, paint);
        let aside = face
            .is_headed_by_totals()
            .then(tempfile::tempfile)
            .transpose();
        let aside = aside.map_err(|error| (format!("cannot keep results aside: {error}"), None))?;
        let (known, new) = match &plan.baseline {
            None => (None, None),
            Some((_, Some(known))) => (Some(known.clone()), None),
            Some((_, None)) => (None, Some(Baseline::default())),
        };
        let mut job = Self {
            card: (is_one && plan.format == Format::Text).then_some(paint),
            aside: aside.map(io::BufWriter::new),
            totals: Totals::default(),
            fail_on: plan.fail_on.clone(),
            verbose: plan.verbose,
            quiet: plan.quiet,
            is_text: plan.format == Format::Text,
            begun: Instant::now(),
            broken: None,
            face,
            sink,
            known,
            new,
        };
        if job.aside.is_none() && job.card.is_none() {
            let begun = job.face.begin(&mut job.sink, &job.totals);
            job.note(begun);
        }
        Ok(job)
    }

    /// Takes a report.
    pub(super) fn take(&mut self, report: &Report, place: Option<&Place>) {
        let mut problems = self.fail_on.problems(report, self.known.as_ref());
        if let Some(new) = &mut self.new {
            // What is known from now on is nothing to fail for.
            new.add(report);
            problems.retain(|problem| !new.knows(&report.url, problem));
        }
        let row = Row {
            report,
            place,
            problems: &problems,
        };
        self.totals.add(&row);
        if self.quiet && problems.is_empty() && self.is_text {
            return;
        }
        let written = match (self.card, &mut self.aside) {
            (Some(paint), _) => self
                .sink
                .write_all(card(&row, paint, self.verbose).as_bytes()),
            (None, Some(aside)) => self.face.row(aside, &row),
            (None, None) => self.face.row(&mut self.sink, &row),
        };
        self.note(written);
        // Whoever reads along sees each result when it is there.
        if self.sink.is_standard() && self.aside.is_none() && output::is_watched() {
            let flushed = self.sink.flush();
            self.note(flushed);
        }
    }

    fn note(&mut self, written: io::Result<()>) {
        if let Err(error) = written {
            self.broken.get_or_insert(error);
        }
    }

    /// Writes the rest, and says how the run ended.
    pub(super) fn finish(mut self, plan: &Plan, is_stopped: bool) -> io::Result<Exit> {
        self.totals.stopped = is_stopped;
        let elapsed = self.begun.elapsed().as_millis();
        self.totals.elapsed_ms = u64::try_from(elapsed).unwrap_or(u64::MAX);
        if let Some(error) = self.broken.take() {
            return Err(error);
        }
        if let Some(aside) = self.aside.take() {
            let mut rows = aside.into_inner().map_err(io::IntoInnerError::into_error)?;
            io::Seek::rewind(&mut rows)?;
            self.face.begin(&mut self.sink, &self.totals)?;
            io::copy(&mut rows, &mut self.sink)?;
        }
        if self.card.is_none() && !(self.quiet && self.is_text) {
            self.face.end(&mut self.sink, &self.totals)?;
        }
        self.sink.finish()?;
        if let (Some(new), Some((path, _))) = (&self.new, &plan.baseline)
            && !is_stopped
        {
            sink::replace(path, |out| new.write(out)).map_err(io::Error::other)?;
        }
        Ok(match (is_stopped, self.totals.bad) {
            (true, _) => Exit::Stopped,
            (false, 0) => Exit::Fine,
            (false, _) => Exit::Found,
        })
    }
}
